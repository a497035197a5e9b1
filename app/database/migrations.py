"""Bringing the database up to date, by one process at a time."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from alembic import command
from app.database.engines import make_private, sqlite_file
from app.database.schema import SCRIPTS, Migratable, past_of, schema_state, scripts
from app.domain.errors import StartRefused
from app.domain.operations.database_status import SchemaState

MIGRATION_LOCK: Final = 7_300_211
"""The number PostgreSQL's advisory lock is known by; any would do, as long as it stays."""

LONGEST_WAIT: Final = timedelta(minutes=10)
"""For another process that migrates."""

TABLE_WAIT: Final = timedelta(seconds=3)
"""For a lock on a table, while which all who come later wait as well."""

TRIES: Final = 60
"""How often a migration asks for locks on tables that others use."""

PAUSE: Final = timedelta(seconds=1)
"""Between two tries, in which those who waited behind the first go on."""

LOCK_NOT_AVAILABLE: Final = "55P03"


class MigrationBlocked(StartRefused):
    """Others kept a lock that a migration needs."""

    def __init__(self) -> None:
        super().__init__(
            "A migration did not get its locks: others use the tables in long transactions, or "
            "another process migrates. Nothing was changed by this step; run it again."
        )


class SchemaTooNew(StartRefused):
    """A newer release migrated the database, and not all of that is safe for this one."""

    def __init__(self) -> None:
        super().__init__(
            "A newer release migrated the database in a way that this one cannot work with: "
            "start the newer release, or restore a backup from before."
        )


def migrate(
    database: Migratable,
    *,
    to: str = "head",
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Upgrade to a revision. Processes that start at once wait for the first one to finish.

    A newer database is left as it is.

    On PostgreSQL each migration is one transaction, which holds the lock that keeps other
    processes out, so it works behind a pooler. It has no time limit; a lock on a table that others
    use is waited for a few seconds only and asked for again, as sales queue behind the wait.

    Raises:
        SchemaTooNew: a newer release migrated the database, and this one may not work with it.
        MigrationBlocked: a lock was not to be had for several minutes.
        DatabaseUnavailable: the database failed.
    """
    state = schema_state(database)
    if state == SchemaState.INCOMPATIBLE:
        raise SchemaTooNew
    if state == SchemaState.NEWER:
        return
    if database.is_sqlite:
        with _sqlite_turn(database), database.engine.connect() as connection:
            command.upgrade(_config(connection), to)
        return
    with database.translated():
        while not _next_step(database, to, sleep=sleep):
            pass


def _next_step(database: Migratable, to: str, *, sleep: Callable[[float], None]) -> bool:
    """Run the next migration; tell whether there was none left."""
    for _ in range(TRIES):
        try:
            with database.engines.migrating.begin() as connection:
                _keep_others_out(connection)
                if _has(connection, to):
                    return True
                command.upgrade(_config(connection), "+1")
                return False
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            sleep(PAUSE.total_seconds())
    raise MigrationBlocked


def _keep_others_out(connection: Connection) -> None:
    def wait_for_locks(longest: timedelta) -> None:
        connection.execute(text(f"SET LOCAL lock_timeout = '{int(longest.total_seconds())}s'"))

    wait_for_locks(LONGEST_WAIT)
    connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
    wait_for_locks(TABLE_WAIT)


def _has(connection: Connection, to: str) -> bool:
    current = MigrationContext.configure(connection).get_current_revision()
    return current is not None and scripts().get_revision(to) in past_of(current)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _sqlite_turn(database: Migratable) -> Iterator[None]:
    # A database of its own is a lock file that works on every system and dies with its process.
    file = Path(f"{sqlite_file(database.url)}.migrating")
    make_private(file)
    lock = sqlite3.connect(
        file,
        timeout=LONGEST_WAIT.total_seconds(),
        isolation_level=None,
    )
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        lock.close()
