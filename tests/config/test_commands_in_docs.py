"""Every command of the shop's that the README and the docs name is one there is."""

import re

import pytest

from tests.programs.commands import run_alone
from tests.programs.servers import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# A program of ours, and for the command line its command.
COMMAND = re.compile(r"python -m ((?:app|benchmarks|scripts)[a-z_.]*)(?:\s+([a-z][a-z-]+))?")
MAKE = re.compile(r"`make ([a-z][a-z-]*)")


def commands() -> set[tuple[str, ...]]:
    found = [match.groups() for page in PAGES for match in COMMAND.finditer(page.read_text())]
    return {
        (module, command) if module == "app.cli" and command else (module,)
        for module, command in found
    }


class TestCommand:
    @pytest.mark.slow
    @pytest.mark.parametrize("command", sorted(commands()), ids=" ".join)
    def test_explains_itself(self, command: tuple[str, ...]) -> None:
        module, *words = command

        ended = run_alone(*words, "--help", folder=ROOT, module=module)

        assert ended.returncode == 0, ended.stderr
        assert ended.stdout.startswith("usage:")

    def test_is_found_on_several_pages(self) -> None:
        assert {("app.cli", "migrate"), ("app.cli", "audit"), ("app.cli", "work")} <= commands()

    def test_of_make_is_a_target(self) -> None:
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

        named = {name for page in PAGES for name in MAKE.findall(page.read_text())}

        assert named <= targets

    @pytest.mark.parametrize("page", ["README.md", "docs/operations.md"])
    def test_is_told_which_environment_it_runs_in(self, page: str) -> None:
        text = (ROOT / page).read_text()

        assert text.index(". .venv/bin/activate") < text.index("python -m app.cli")
