"""Bringing the database up to date, by one process at a time."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text

from alembic import command
from app.repositories.database import Database

ROOT: Final = Path(__file__).parents[2]

MIGRATION_LOCK: Final = 7_300_211
"""The number PostgreSQL's advisory lock is known by; any would do, as long as it stays."""

LONGEST_WAIT_SECONDS: Final = 120


def migrate(database: Database, *, to: str = "head") -> None:
    """Upgrade to a revision. Processes that start at once wait for the first one to finish."""
    with _one_at_a_time(database), database.engine.connect() as connection:
        command.upgrade(_config(connection), to)


def revision(database: Database) -> str | None:
    """The last migration the database has, or ``None`` when it is empty."""
    with database.connection() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_migrated(database: Database) -> bool:
    """Tell whether the database has every migration this code knows."""
    with database.connection() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _one_at_a_time(database: Database) -> Iterator[None]:
    with _sqlite_turn(database) if database.is_sqlite else _postgresql_turn(database):
        yield


@contextmanager
def _postgresql_turn(database: Database) -> Iterator[None]:
    with database.engine.connect() as connection:
        for limit in ("lock_timeout", "statement_timeout"):
            connection.execute(text(f"SET {limit} = '{LONGEST_WAIT_SECONDS}s'"))
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        try:
            yield
        finally:
            # Ending the session frees the lock, as the death of this process would.
            connection.invalidate()


@contextmanager
def _sqlite_turn(database: Database) -> Iterator[None]:
    # A database of its own is a lock file that works on every system and dies with its process.
    lock = sqlite3.connect(
        f"{make_url(database.url).database}.migrating",
        timeout=LONGEST_WAIT_SECONDS,
        isolation_level=None,
    )
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()
