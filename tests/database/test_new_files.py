"""New SQLite files that several open at the same moment."""

from contextlib import closing
from functools import partial
from pathlib import Path

from app.repositories.database import Database
from tests.support.racing import at_once

FILES, OPENERS = 60, 4


def test_open_for_all_who_begin_together(tmp_path: Path) -> None:
    def open_new(file: Path) -> str:
        with closing(Database(f"sqlite:///{file}")) as database, database.connection() as opened:
            mode: str = opened.exec_driver_sql("PRAGMA journal_mode").scalar_one()
            return mode

    for number in range(FILES):
        file = tmp_path / f"new{number}.sqlite3"
        assert at_once([partial(open_new, file)] * OPENERS) == ["wal"] * OPENERS
