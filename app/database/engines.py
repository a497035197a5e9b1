"""Connections to SQLite and PostgreSQL: one pool, and an engine for each way to begin on it.

Writers of several processes queue at a ``FileLock`` before they write to one SQLite file.

The drivers begin nothing (``AUTOCOMMIT``): a listener begins what the engine's option says, as
SQLAlchemy's manual has it for SQLite. Python's driver would begin as a reader, which fails at once
when it turns writer behind another one; psycopg's BEGIN would take a trip more than ours, which
sets the limits too.
"""

import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import NullPool

from app.database.postgresql import (
    READ_ONLY,
    BoundedConnection,
    Limits,
    connection_to,
    migrating,
    snapshot,
)
from app.domain.errors import Busy, DatabaseUnavailable

if sys.platform != "win32":
    import fcntl

BEGIN: Final = "ticketing_begin"
"""Execution option: what begins a transaction."""

TRIES_TO_WRITE_AHEAD: Final = 100
PAUSE_SECONDS: Final = 0.05
"""Between two of these tries: five seconds in all, as for other locks."""


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
    writing = _engine(
        url,
        begin="BEGIN IMMEDIATE",
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=wait.total_seconds(),
        connect_args={"check_same_thread": False, "timeout": wait.total_seconds()},
    )
    event.listen(writing, "connect", _prepare_sqlite)
    return Engines(
        writing,
        reading=_reading(writing),
        snapshots=_beginning(writing, "BEGIN"),
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
    writing = _engine(
        parsed,
        begin=limits.begin(),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=wait.total_seconds(),
        pool_pre_ping=True,
        connect_args=arguments,
    )
    apart = _engine(parsed, begin=snapshot(), poolclass=NullPool, connect_args=arguments)
    for engine, answer_within in ((writing, limits.answer.total_seconds()), (apart, None)):
        event.listen(engine, "do_connect", partial(_connect, answer_within))
        event.listen(engine, "handle_error", _renew_connections)
    return Engines(
        writing,
        reading=_reading(writing),
        snapshots=apart,
        migrating=_beginning(apart, migrating()),
    )


def _engine(url: str | URL, *, begin: str, **options: Any) -> Engine:
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        execution_options={BEGIN: begin},
        **options,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _beginning(engine: Engine, begin: str) -> Engine:
    """The engine with its connections, and another way to begin."""
    return engine.execution_options(**{BEGIN: begin})


def _reading(writing: Engine) -> Engine:
    """An engine on the same connections that begins nothing: each statement sees its own moment."""
    return create_engine(
        writing.url, isolation_level="AUTOCOMMIT", hide_parameters=True, pool=writing.pool
    )


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options()[BEGIN])


def _connect(
    answer_within: float | None, _dialect: Any, _record: Any, given: Any, named: Any
) -> BoundedConnection:
    connection = BoundedConnection.connect(*given, **named)
    connection.answer_within = answer_within
    return connection


def _renew_connections(context: ExceptionContext) -> None:
    """Also renew them when the server takes no writes any more: a standby, after a fail-over.

    They lead to the primary then, where the URL names several hosts.
    """
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


def _prepare_sqlite(dbapi: sqlite3.Connection, _record: Any) -> None:
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


class FileLock:
    """A lock on a file, held by one process at a time; the system frees it when a process dies.

    SQLite's own busy timeout polls, ever less often, so later writers pass earlier ones; here the
    system wakes the next process. It only orders writers: SQLite still decides who may write.
    Threads of one process must take turns before they ask for it.

    The system's wait for a lock has no end. So a thread waits in the caller's place; a caller whose
    time is over leaves it waiting, and the next caller takes it over.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed = threading.Condition()
        self._is_waiting = self._is_wanted = False
        self._locked: int | None = None

    @contextmanager
    def held(self, *, within: float) -> Iterator[None]:
        """Hold the lock for the length of the block.

        Raises:
            Busy: another process held it for ``within`` seconds.
            DatabaseUnavailable: the file cannot be opened.
        """
        descriptor = self._acquire(within)
        try:
            yield
        finally:
            os.close(descriptor)

    def _acquire(self, within: float) -> int:
        with self._changed:
            if not self._is_waiting:
                descriptor = self._open()
                if _try_lock(descriptor):
                    return descriptor
                self._is_waiting = True
                threading.Thread(target=self._wait, args=(descriptor,), daemon=True).start()
            self._is_wanted = True
            self._changed.wait_for(lambda: self._locked is not None, within)
            self._is_wanted = False
            locked, self._locked = self._locked, None
        if locked is None:
            raise Busy
        return locked

    def _open(self) -> int:
        try:
            return os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise DatabaseUnavailable from error

    def _wait(self, descriptor: int) -> None:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        with self._changed:
            self._is_waiting = False
            if self._is_wanted:
                self._locked = descriptor
                self._changed.notify()
            else:
                os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    """Lock the file if no process has; tell whether it did."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
