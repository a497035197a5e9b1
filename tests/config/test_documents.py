"""The README, .env.example and the deployment files say what the code does."""

import re
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from PIL import Image

from app.config import Settings
from scripts.settings_docs import (
    ENV_EXAMPLE,
    SETTINGS,
    SIMULATOR,
    env_example,
    names_of,
    tables,
    with_tables,
)
from tests.config.test_settings import LIVE_KEY, SECRET, TICKET_KEY, read
from tests.programs.servers import ROOT, running_shop, settings_only
from tests.support.pictures import codes_on

README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "guide"
IN_ONE_SHELL = (
    README,
    *(GUIDE / f"{page}.md" for page in ("selling", "refunds", "check-in", "idempotency")),
)
"""Pages whose commands follow one another in this order."""


def blocks(language: str, page: Path = README) -> list[str]:
    """The page's code blocks in a language, in order."""
    fenced = re.compile(rf"^( *)```{language}\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(body) for _, body in fenced.findall(page.read_text())]


class TestReadme:
    @pytest.mark.slow
    def test_sells_a_ticket_by_its_own_words(self, tmp_path: Path) -> None:
        script = "\n".join(block for page in IN_ONE_SHELL for block in blocks("sh", page))
        assert script.count("curl") == 41

        with running_shop(tmp_path / "shop") as shop:
            bought = subprocess.run(
                ["bash", "-euo", "pipefail"],
                input=script.replace("http://127.0.0.1:8000", shop.url),
                cwd=tmp_path / "shop",
                env=settings_only({"no_proxy": "127.0.0.1"}),
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )

        assert bought.returncode == 0, bought.stderr
        with Image.open(tmp_path / "shop" / "ticket.png") as picture:
            (code,) = codes_on(picture)
        assert code.startswith("TK1:")

    def test_tells_settings_magic_addresses_and_cards_as_they_are(self) -> None:
        pages = SETTINGS.read_text() + SIMULATOR.read_text()

        assert with_tables(pages) == pages, "run: make settings-docs"
        for table in tables().values():
            assert table in pages

    def test_is_short(self) -> None:
        assert len(README.read_text().splitlines()) <= 180

    def test_shares_its_commands_with_no_other_page_of_the_guide(self) -> None:
        with_commands = {page for page in GUIDE.glob("*.md") if blocks("sh", page)}

        assert with_commands <= set(IN_ONE_SHELL), "add the page to IN_ONE_SHELL"

    def test_names_what_production_needs(self, tmp_path: Path) -> None:
        (block,) = blocks("ini", GUIDE / "deployment.md")
        given = dict(line.split("=", 1) for line in block.splitlines())
        secrets = {"SECRET_KEY": SECRET, "TICKET_KEYS": TICKET_KEY}

        filled = given | secrets | {"PAYSTACK_SECRET_KEY": LIVE_KEY}

        assert not read(tmp_path, **filled).is_demo

    def test_links_only_to_what_is_there(self) -> None:
        for document in (README, *(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md"):
            for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
                assert (document.parent / link).exists(), f"{document.name}: {link}"

    def test_names_only_commands_there_are(self) -> None:
        makefile = (ROOT / "Makefile").read_text()
        for document in (README, *(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md"):
            for name in re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(), re.MULTILINE):
                assert f"\n{name}:" in makefile, f"{document.name}: make {name}"


class TestOperations:
    @pytest.mark.slow
    def test_copies_a_database_that_is_in_use(self, tmp_path: Path) -> None:
        operations = (ROOT / "docs" / "operations.md").read_text()
        (backup,) = re.findall(r"^python -c .*VACUUM INTO.*$", operations, re.MULTILINE)
        with running_shop(tmp_path) as shop, shop.client() as somebody:
            account = {"email": "ada@example.com", "username": "ada", "password": "password123"}
            somebody.post("/users/", json=account).raise_for_status()

            subprocess.run(
                ["bash", "-c", backup.replace("python", sys.executable, 1)],
                cwd=tmp_path,
                check=True,
                timeout=30,
            )

        (file,) = tmp_path.glob("backup-*.sqlite3")
        with closing(sqlite3.connect(file)) as copy:
            assert copy.execute("SELECT username FROM users").fetchall() == [("ada",)]


class TestEnvExample:
    def test_is_up_to_date(self) -> None:
        assert ENV_EXAMPLE.read_text() == env_example(), "run: make settings-docs"

    def test_changes_nothing_as_it_stands(self, tmp_path: Path) -> None:
        assert Settings(_env_file=ENV_EXAMPLE) == read(tmp_path)

    def test_means_the_defaults_when_every_line_counts(self, tmp_path: Path) -> None:
        lines = ENV_EXAMPLE.read_text().splitlines()
        file = tmp_path / "all.env"
        file.write_text("\n".join(line[1:] for line in lines if re.match(r"#[A-Z_]+=", line)))

        assert Settings(_env_file=file) == read(tmp_path)


class TestRenderBlueprint:
    def test_leaves_out_nothing_production_needs(self, tmp_path: Path) -> None:
        blueprint = yaml.safe_load((ROOT / "render.yaml").read_text())
        (service,) = blueprint["services"]
        given = {"PAYSTACK_SECRET_KEY": LIVE_KEY, "SECRET_KEY": SECRET, "TICKET_KEYS": TICKET_KEY}
        for variable in service["envVars"]:
            key = variable["key"]
            given.setdefault(key, variable.get("value", ""))
        # What Render itself sets.
        given["RENDER_EXTERNAL_URL"] = "https://tickets.onrender.com"
        given["DATABASE_URL"] = "postgresql://tickets:secret@dpg-1/tickets"

        settings = read(tmp_path, **given)

        assert not settings.is_demo
        assert settings.work_in_process
        assert settings.public_url == "https://tickets.onrender.com"
        known = {*names_of(Settings), "WEB_CONCURRENCY", "RENDER_EXTERNAL_URL"}
        assert set(given) <= known


class TestCompose:
    @pytest.mark.parametrize("service", ["api", "migrations"])
    def test_names_only_settings_there_are(self, service: str) -> None:
        compose = yaml.safe_load((ROOT / "compose.yaml").read_text())

        assert set(compose["services"][service]["environment"]) <= set(names_of(Settings))
