"""Runs migrations, for the command `alembic` and for the app that migrates on start."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from logging.config import fileConfig
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, text

from alembic import context
from app.config import Settings
from app.database.schema import note
from app.models import Base
from app.repositories.database import Database


def migrate(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        _run(connection)
        return
    numbers = NumbersGiven(connection)
    with _without_foreign_keys(connection):
        # SQLite changes a table by copying it.
        _run(connection, numbers.keep, render_as_batch=True)


def _run(connection: Connection, *after_each: Callable[..., None], **options: Any) -> None:
    def applied(
        ctx: MigrationContext,
        step: MigrationInfo,
        heads: Collection[Any],  # noqa: ARG001  # all four come by name
        run_args: Mapping[str, Any],  # noqa: ARG001  # as above
    ) -> None:
        for act in (*after_each, note):
            act(ctx=ctx, step=step)

    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        transaction_per_migration=True,
        on_version_apply=applied,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite's tables be rebuilt: dropping one would delete what refers to its rows."""
    driver: Any = connection.connection.driver_connection
    # Inside a transaction, such as one begun by reading, the pragma does nothing.
    connection.rollback()
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


class NumbersGiven:
    """The highest number each of SQLite's tables gave to a row.

    SQLite forgets it with a table that is rebuilt, and would give numbers of deleted rows again.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._given = self._highest()

    def keep(self, **_: Any) -> None:
        """Bring them back after a migration, in its transaction."""
        now = self._highest()
        for table, number in self._given.items():
            if number > now.get(table, 0) and self._exists(table):
                self._set(table, number)
        self._given = self._highest()

    def _highest(self) -> dict[str, int]:
        if not self._exists("sqlite_sequence"):
            return {}
        rows = self._connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: row.seq for row in rows}

    def _exists(self, table: str) -> bool:
        query = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name")
        return self._connection.scalar(query, {"name": table}) is not None

    def _set(self, table: str, number: int) -> None:
        values = {"name": table, "number": number}
        for statement in (
            "DELETE FROM sqlite_sequence WHERE name = :name",
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)",
        ):
            self._connection.execute(text(statement), values)


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    database = Database(Settings().database)
    with database.engine.connect() as connection:
        migrate(connection)
