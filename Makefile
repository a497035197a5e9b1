# The developer's commands. Only Python 3.11 or newer and make are needed; `make help` lists them.

PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 1
# Test processes at a time, one more than cores, as some tests wait; 0 runs all in one.
JOBS ?= 3
# Passed on to demo, test, test-fast, bench and screenshots.
ARGS ?=
# Bounds on headers, on slow callers and on connections: SERVER_FLAGS in app/http/protocol.py.
SERVER_FLAGS := --http app.http.protocol:TimedProtocol --limit-concurrency 800 --no-server-header

# What `make test-fast` takes: rules, use cases and, over HTTP, the example of each operation and who may call it.
FAST := $(addprefix tests/,architecture config contract domain races repositories services) \
	tests/api/test_access.py tests/api/test_six_steps.py
QUICK := not slow and not browser and not node and (not postgresql or smoke)

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# uv only resolves versions for `make lock`; it is no part of the project's own environment.
UV_VERSION := 0.13.9
TYPED := app tests benchmarks alembic scripts
# Two at a time; the longest first.
CHECKS := check-types check-layers check-style check-files

# What Python has compiled once serves all processes, of which the tests start many.
unexport PYTHONDONTWRITEBYTECODE

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run demo samples test test-fast check $(CHECKS) format bench screenshots settings-docs texts postman lock vendor-docs install clean

help: ## Show this list
	@echo "make COMMAND [PYTHON=python3.12]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## Start the API: PORT=8000 HOST=127.0.0.1 WORKERS=1
	@echo "Open http://$(HOST):$(PORT)/ in a browser once it runs (for programs: /docs); stop it with Ctrl+C"
	@$(BIN)/python -m uvicorn app.main:app --host $(HOST) --port $(PORT) --workers $(WORKERS) $(SERVER_FLAGS)

demo: $(VENV)/.runtime ## Buy a ticket step by step, printing each request: ARGS="--help"
	@$(BIN)/python -m app.cli demo $(ARGS)

samples: $(VENV)/.runtime ## Fill a demo with three events and weeks of sales: ARGS="--for NAME"
	@$(BIN)/python -m app.cli samples $(ARGS)

test: check ## Run all checks and all tests, on SQLite and PostgreSQL: ARGS="-k name" JOBS=0
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal $(ARGS)
	@echo "make test: all checks and tests passed"

test-fast: $(VENV)/.dev ## Run rules, use cases and examples, on SQLite, what writes on PostgreSQL, too: ARGS=tests/api/orders adds
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal -m "$(QUICK)" $(FAST) $(ARGS)

check: $(VENV)/.dev ## Lint, check format, types, layers, JavaScript, vendored files, settings docs and French words
	@$(MAKE) -j 2 $(CHECKS)

check-types:
	@$(BIN)/python -m mypy $(TYPED)

check-style:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format"; exit 1; }

check-layers:
	@$(BIN)/lint-imports

check-files:
	@$(BIN)/python scripts/vendor_docs.py --check
	@$(BIN)/python -m scripts.check_javascript $(if $(REQUIRE_NODE),--required)
	@$(BIN)/python -m scripts.settings_docs --check
	@$(BIN)/python -m scripts.texts --check

format: $(VENV)/.dev ## Format the code and fix what can be fixed safely
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure calls per second of real servers: ARGS="--only scan --workers 2"
	@$(BIN)/python -m benchmarks $(ARGS)

screenshots: $(VENV)/.dev ## Take the README's screenshots again (needs Chromium)
	@$(BIN)/python -m tests.browser.screenshots $(ARGS)

settings-docs: $(VENV)/.runtime ## Write the settings into docs/ and .env.example as they are
	@$(BIN)/python -m scripts.settings_docs

texts: $(VENV)/.runtime ## Write new words of pages and mails into the French catalogue
	@$(BIN)/python -m scripts.texts

postman: $(VENV)/.runtime ## Give every operation a request in the Postman collection
	@$(BIN)/python -m scripts.postman

# Releases younger than a week are left out: bad ones are usually found and withdrawn by then.
lock: $(VENV)/.uv ## Pin requirements*.txt from requirements*.in: ARGS=--upgrade for newer releases
	@week_ago=$$($(BIN)/python -c 'import datetime as d; print(d.date.today() - d.timedelta(7))'); \
	for name in requirements requirements-dev; do \
		$(VENV)/uv/bin/uv pip compile --no-config --quiet --universal --python-version 3.11 \
			--generate-hashes --exclude-newer "$$week_ago" \
			--custom-compile-command "make lock" $(ARGS) --output-file $$name.txt $$name.in || exit; \
	done

vendor-docs: ## Fetch the pinned files of others in app again (needs npm)
	@$(PYTHON) scripts/vendor_docs.py

install: $(VENV)/.dev ## Make the virtual environment with everything for development
	@:

clean: ## Remove the virtual environment and all caches; keeps the data in var/
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps below are renewed when a file they depend on is newer, so a second run starts at once.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 ...")'
	@echo "Making the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.txt | $(VENV)/.created
	@echo "Installing requirements.txt"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(VENV)/.created
	@echo "Installing requirements-dev.txt"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $(VENV)/.runtime $@

$(VENV)/.uv: Makefile | $(VENV)/.created
	@$(BIN)/python -m venv $(VENV)/uv
	@$(VENV)/uv/bin/python -m pip --disable-pip-version-check -qq install uv==$(UV_VERSION)
	@touch $@
