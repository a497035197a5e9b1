"""Connections to SQLite and PostgreSQL: one pool, and an engine for each way to begin on it."""

import math
import os
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

from app.database.dialects import (
    BoundedPostgresql,
    SnapshotSqlite,
    WritingSqlite,
)
from app.database.lean_cursor import LeanCursor
from app.database.postgresql import (
    BoundedConnection,
    Limits,
    connection_to,
    migrating,
    snapshot,
)

USED_AT: Final = "ticketing_used_at"
"""Under which a connection remembers when it was last used."""

TRIES_TO_WRITE_AHEAD: Final = 100
PAUSE_SECONDS: Final = 0.05
"""Between two of these tries: five seconds in all, as for other locks."""

TRUSTED_FOR: Final = timedelta(seconds=1)
"""How long after its last use a connection is taken without asking whether it still stands."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The ways to begin, with the connections of the first unless it says otherwise."""

    writing: Engine
    reading: Engine
    """Begins nothing."""
    snapshots: Engine
    """For what takes long; with connections of its own on PostgreSQL, closed after use."""
    migrating: Engine
    """Without time limits; likewise."""


def open_sqlite(url: str, *, pool_size: int, wait: timedelta) -> Engines:
    """Engines for a file, whose folder is made where it is missing."""
    make_private(sqlite_file(url))
    writing = create_engine(
        _by(WritingSqlite, url),
        hide_parameters=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=wait.total_seconds(),
        connect_args={"check_same_thread": False, "timeout": wait.total_seconds()},
    )
    event.listen(writing, "connect", _prepare_sqlite)
    on_its_pool = partial(create_engine, hide_parameters=True, pool=writing.pool)
    return Engines(
        writing,
        reading=on_its_pool(_by(SQLiteDialect_pysqlite, url)),
        snapshots=on_its_pool(_by(SnapshotSqlite, url)),
        migrating=writing,
    )


def make_private(file: Path) -> None:
    """Make the file, and its folder, where they are missing: for their owner only.

    It holds what opens doors and accounts. SQLite gives the files beside it the same rights. One
    that an earlier release made for all to read is closed to others.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    if os.name == "posix" and file.stat().st_mode & 0o077:
        with suppress(PermissionError):  # it is another user's, who shares it with us
            file.chmod(0o600)


def sqlite_file(url: str) -> Path:
    """The file that an SQLite URL names.

    Raises:
        ValueError: it names none. In memory, each connection would have a database of its own.
    """
    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("SQLite needs a file: sqlite:///FILE")
    return Path(name)


def open_postgresql(
    url: str, *, pool_size: int, wait: timedelta, limits: Limits, prepare: bool
) -> Engines:
    """Engines for a server, also behind a pooler in transaction mode."""
    parsed, arguments = connection_to(url, prepare=prepare, wait=wait)
    settings: dict[str, Any] = {
        "isolation_level": "AUTOCOMMIT",
        "hide_parameters": True,
    }  # see BoundedPostgresql
    writing = create_engine(
        _by(BoundedPostgresql, parsed),
        begin=limits.begin(),
        **settings,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=wait.total_seconds(),
        connect_args={"cursor_factory": LeanCursor, **arguments},
    )
    event.listen(writing, "connect", partial(_bound, limits.answer.total_seconds()))
    event.listen(writing, "checkin", _note_use)
    event.listen(writing, "checkout", partial(_ensure_alive, writing.dialect))
    apart = partial(
        create_engine,
        _by(BoundedPostgresql, parsed),
        **settings,
        poolclass=NullPool,
        connect_args={"cursor_factory": LeanCursor, **arguments},
    )
    return Engines(
        writing,
        reading=create_engine(_by(PGDialect_psycopg, parsed), **settings, pool=writing.pool),
        snapshots=apart(begin=snapshot()),
        migrating=apart(begin=migrating()),
    )


def _bound(seconds: float, dbapi: BoundedConnection, _record: Any) -> None:
    dbapi.answer_within = seconds


def _by(dialect: type[Dialect], url: str | URL) -> URL:
    """The URL with a name of the dialect, by which SQLAlchemy finds it."""
    parsed, driver = make_url(url), dialect.__name__.lower()
    kind = parsed.get_backend_name()
    registry.register(f"{kind}.{driver}", dialect.__module__, dialect.__name__)
    return parsed.set(drivername=f"{kind}+{driver}")


def _prepare_sqlite(dbapi: sqlite3.Connection, _record: Any) -> None:
    # Transactions are begun by the dialect, not by the driver: its own BEGIN is deferred, and a
    # reader that turns writer then fails at once, whatever the busy timeout.
    dbapi.isolation_level = None
    _write_ahead(dbapi)
    dbapi.execute("PRAGMA foreign_keys = ON")
    dbapi.execute("PRAGMA synchronous = FULL")


def _write_ahead(dbapi: sqlite3.Connection) -> None:
    """Have the file written ahead, which it stays once it is.

    Processes that open a new file together meet here, and unlike for all else SQLite does not wait
    for the lock that it needs.
    """
    for tries_left in reversed(range(TRIES_TO_WRITE_AHEAD)):
        try:
            dbapi.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or not tries_left:
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return


def _note_use(_: Any, record: ConnectionPoolEntry) -> None:
    record.info[USED_AT] = time.monotonic()


def _ensure_alive(
    dialect: Dialect, dbapi: Any, record: ConnectionPoolEntry, _: PoolProxiedConnection
) -> None:
    """Ask a connection that rested whether it still stands; a busy one would tell by failing.

    Asking each time, as ``pool_pre_ping`` does, costs a trip for every transaction.
    """
    rested = time.monotonic() - record.info.get(USED_AT, math.inf)
    if rested < TRUSTED_FOR.total_seconds():
        return
    try:
        dialect.do_ping(dbapi)
    except dialect.loaded_dbapi.Error as error:
        # The pool then opens this one anew, and asks the others too, however short they rested.
        raise InvalidatePoolError from error
