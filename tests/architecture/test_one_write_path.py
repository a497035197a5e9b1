"""Queries: both databases run the same ones, and their rows are read by name."""

import re
from pathlib import Path
from typing import Final

APP: Final = Path(__file__).resolve().parents[2] / "app"
OPENS_THE_DATABASE: Final = {"app/repositories/database.py"}
BY_POSITION: Final = re.compile(r"\(\*(row|self\._run)|\brow\[\d+\]")
ASKS_WHICH: Final = re.compile(r"is_sqlite|dialect\.name|sqlalchemy\.dialects|get_backend_name")


def those_that_ask(folder: Path) -> set[str]:
    return {
        file.relative_to(APP.parent).as_posix()
        for file in folder.rglob("*.py")
        if ASKS_WHICH.search(file.read_text(encoding="utf-8"))
    }


class TestRepositories:
    def test_do_not_ask_which_database_they_are_for(self) -> None:
        asking = those_that_ask(APP / "repositories") - OPENS_THE_DATABASE

        assert not asking, "what differs belongs in app/database/differences.py"


class TestServices:
    def test_do_not_ask_either(self) -> None:
        assert not those_that_ask(APP / "services")


class TestRows:
    def test_are_read_by_name(self) -> None:
        by_position = {
            f"{file.relative_to(APP.parent)}: {line.strip()}"
            for file in (APP / "repositories").rglob("*.py")
            for line in file.read_text(encoding="utf-8").splitlines()
            if BY_POSITION.search(line)
        }

        assert not by_position, "use filled() of app/repositories/base.py, or a row's attributes"
