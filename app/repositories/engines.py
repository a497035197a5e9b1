"""Connections to SQLite and PostgreSQL, and how a transaction begins on each."""

import math
import sqlite3
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from app.repositories.lean_cursor import LeanCursor

USED_AT: Final = "ticketing_used_at"
"""Under which a connection remembers when it was last used."""

SYNCHRONOUS: Final = "ticketing_synchronous"
"""Under which a connection to SQLite remembers how thoroughly its commits reach the disk."""

RELAXED: Final = "ticketing_relaxed"
"""The execution option of transactions that need not reach the disk at once; on SQLite."""

TRUSTED_FOR: Final = timedelta(seconds=1)
"""How long after its last use a connection is taken without asking whether it still stands."""

BEGIN: Final = "ticketing_begin"
"""The execution option that names how a transaction begins; ``None``: not at all."""


def open_sqlite(url: str, *, pool_size: int, wait: timedelta) -> Engine:
    """An engine for a file, or for memory."""
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=wait.total_seconds(),
        connect_args={"check_same_thread": False, "timeout": wait.total_seconds()},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_postgresql(url: str, *, pool_size: int, wait: timedelta) -> Engine:
    """An engine for a server."""
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",  # see _begin_postgresql
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
    event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ensure_alive, engine.dialect))
    return engine


def _prepare_sqlite(dbapi: sqlite3.Connection, _record: Any) -> None:
    # Transactions are begun by _begin_sqlite, not by the driver: its own BEGIN is deferred, and a
    # reader that turns writer then fails at once, whatever the busy timeout.
    dbapi.isolation_level = None
    for pragma in ("journal_mode = WAL", "foreign_keys = ON"):
        dbapi.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    begin = options.get(BEGIN, "BEGIN IMMEDIATE")
    if begin is not None:
        # NORMAL leaves the write-ahead log to the next FULL commit: nothing is torn or reordered.
        level = "NORMAL" if options.get(RELAXED) else "FULL"
        if connection.info.get(SYNCHRONOUS) != level:
            connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
            connection.info[SYNCHRONOUS] = level
        connection.exec_driver_sql(begin)


def _begin_postgresql(connection: Connection) -> None:
    """Begin by hand, where it is wanted.

    Turning the driver's own BEGIN off and on again for each reader takes as long as a query.
    """
    begin = connection.get_execution_options().get(BEGIN, "BEGIN")
    if begin is None:
        return
    driver = connection.connection.driver_connection
    if driver is None or driver.pgconn.exec_(begin.encode()).status != ExecStatus.COMMAND_OK:
        # It fails here as well, at twice the price, and SQLAlchemy sees that all may be lost.
        connection.exec_driver_sql(begin)


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
