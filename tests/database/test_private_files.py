"""What SQLite keeps is for its owner's eyes only."""

import os
import stat
from pathlib import Path

import pytest

from app.database.migrations import migrate
from app.repositories.database import Database

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems keep no such bits")


def rights(file: Path) -> str:
    return oct(stat.S_IMODE(file.stat().st_mode))


class TestFiles:
    def test_are_made_for_their_owner_only(self, tmp_path: Path) -> None:
        folder = tmp_path / "var"
        previous = os.umask(0o022)  # as on most systems
        try:
            database = Database(f"sqlite:///{folder / 'shop.sqlite3'}")
            migrate(database)
            with database.writing() as work:
                work.users.find_by_email("ada@example.com")
        finally:
            os.umask(previous)

        files = {file.name: rights(file) for file in folder.iterdir()}
        database.close()

        assert rights(folder) == "0o700"
        assert "shop.sqlite3-wal" in files
        assert set(files.values()) == {"0o600"}

    def test_of_an_earlier_release_are_closed_to_others(self, tmp_path: Path) -> None:
        file = tmp_path / "shop.sqlite3"
        file.touch(mode=0o644)

        Database(f"sqlite:///{file}").close()

        assert rights(file) == "0o600"
