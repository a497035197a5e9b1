"""New SQLite files that are migrated already: a server that migrates its own takes 0.6 s more."""

import tempfile
from functools import cache
from pathlib import Path

from app.database.engines import make_private
from app.database.migrations import migrate
from app.repositories.database import Database


def lay_out(file: Path) -> None:
    """Write a migrated, empty database, readable for its owner as the shop makes one."""
    make_private(file)
    file.write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="tickets-sqlite-") as folder:
        file = Path(folder) / "migrated.sqlite3"
        database = Database(f"sqlite:///{file}")
        migrate(database)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return file.read_bytes()
