"""Connections to SQLite and PostgreSQL: one pool, and an engine for each way to begin on it."""

import math
import sqlite3
import time
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
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from app.repositories.dialects import (
    RelaxedSqlite,
    SnapshotPostgresql,
    SnapshotSqlite,
    WritingPostgresql,
    WritingSqlite,
)
from app.repositories.lean_cursor import LeanCursor

USED_AT: Final = "ticketing_used_at"
"""Under which a connection remembers when it was last used."""

TRUSTED_FOR: Final = timedelta(seconds=1)
"""How long after its last use a connection is taken without asking whether it still stands."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The ways to begin, all with the connections of the first."""

    writing: Engine
    relaxed: Engine
    """For transactions that need not reach the disk at once."""
    reading: Engine
    """Begins nothing."""
    snapshots: Engine


def open_sqlite(url: str, *, pool_size: int, wait: timedelta) -> Engines:
    """Engines for a file, whose folder is made where it is missing."""
    sqlite_file(url).parent.mkdir(parents=True, exist_ok=True)
    writing = create_engine(
        _by(WritingSqlite, url),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=wait.total_seconds(),
        connect_args={"check_same_thread": False, "timeout": wait.total_seconds()},
    )
    event.listen(writing, "connect", _prepare_sqlite)
    return Engines(
        writing,
        relaxed=create_engine(_by(RelaxedSqlite, url), pool=writing.pool),
        reading=create_engine(_by(SQLiteDialect_pysqlite, url), pool=writing.pool),
        snapshots=create_engine(_by(SnapshotSqlite, url), pool=writing.pool),
    )


def sqlite_file(url: str) -> Path:
    """The file that an SQLite URL names.

    Raises:
        ValueError: it names none. In memory, each connection would have a database of its own.
    """
    name = make_url(url).database
    if not name or name == ":memory:":
        raise ValueError("SQLite needs a file: sqlite:///FILE")
    return Path(name)


def open_postgresql(url: str, *, pool_size: int, wait: timedelta) -> Engines:
    """Engines for a server. Each statement of a relaxed transaction is committed by itself."""
    settings = {"isolation_level": "AUTOCOMMIT"}  # see WritingPostgresql
    writing = create_engine(
        _by(WritingPostgresql, url),
        **settings,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=wait.total_seconds(),
        connect_args={
            "cursor_factory": LeanCursor,
            "connect_timeout": max(int(wait.total_seconds()), 1),
            "options": "-c timezone=utc -c lock_timeout=10s -c statement_timeout=30s"
            " -c idle_in_transaction_session_timeout=60s",
        },
    )
    event.listen(writing, "checkin", _note_use)
    event.listen(writing, "checkout", partial(_ensure_alive, writing.dialect))
    reading = create_engine(_by(PGDialect_psycopg, url), **settings, pool=writing.pool)
    return Engines(
        writing,
        relaxed=reading,
        reading=reading,
        snapshots=create_engine(_by(SnapshotPostgresql, url), **settings, pool=writing.pool),
    )


def _by(dialect: type[Dialect], url: str) -> URL:
    """The URL with a name of the dialect, by which SQLAlchemy finds it."""
    parsed, driver = make_url(url), dialect.__name__.lower()
    kind = parsed.get_backend_name()
    registry.register(f"{kind}.{driver}", dialect.__module__, dialect.__name__)
    return parsed.set(drivername=f"{kind}+{driver}")


def _prepare_sqlite(dbapi: sqlite3.Connection, _record: Any) -> None:
    # Transactions are begun by the dialect, not by the driver: its own BEGIN is deferred, and a
    # reader that turns writer then fails at once, whatever the busy timeout.
    dbapi.isolation_level = None
    for pragma in ("journal_mode = WAL", "foreign_keys = ON"):
        dbapi.execute(f"PRAGMA {pragma}")


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
