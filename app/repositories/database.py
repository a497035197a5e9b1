"""One door to the database, SQLite or PostgreSQL, with the same promises on both."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database.engines import FileLock, open_postgresql, open_sqlite, sqlite_file
from app.database.postgresql import READ_ONLY, Limits, normal_url
from app.domain.errors import Busy, DatabaseUnavailable
from app.domain.operations.clocks import GOES_FIRST, OnceAWhile
from app.domain.operations.database_status import DatabaseStatus
from app.repositories.base import Transaction
from app.repositories.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

DEFAULT_LIMITS: Final = Limits()

WRITERS_AT_ONCE: Final = 4
"""Transactions that one process has open for writing on PostgreSQL."""

PASSING: Final = ("55P03", "57014", "40P01", "40001")
"""lock_not_available, query_canceled, deadlock_detected, serialization_failure: PostgreSQL,
appendix A."""

UNUSABLE: Final = (READ_ONLY, "42P01", "42703")
"""read_only_sql_transaction; undefined_table and undefined_column, before the migrations."""

STATUS: Final = text("SELECT clock_timestamp(), current_setting('transaction_read_only')")


class Writers:
    """A semaphore for transactions that write, which scans pass before all others that wait."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._lock = threading.Lock()
        self._turns = {is_scan: threading.Condition(self._lock) for is_scan in (True, False)}
        self._waiting = {True: 0, False: 0}

    @property
    def waiting(self) -> int:
        """How many callers wait for a turn now."""
        return sum(self._waiting.values())

    def acquire(self, *, within: float) -> bool:
        """Wait for a turn at most so many seconds; tell whether it came."""
        is_scan = GOES_FIRST.get()
        with self._lock:
            self._waiting[is_scan] += 1
            try:
                has_turn = self._turns[is_scan].wait_for(
                    lambda: self._free > 0 and (is_scan or not self._waiting[True]), within
                )
            finally:
                self._waiting[is_scan] -= 1
            self._free -= has_turn
            self._wake()
            return has_turn

    def release(self) -> None:
        with self._lock:
            self._free += 1
            self._wake()

    def _wake(self) -> None:
        if self._free > 0:
            self._turns[self._waiting[True] > 0].notify()


class _Outer(threading.local):
    """The transaction that units of work of this thread join; see ``Database.joined``."""

    work: UnitOfWork | None = None


class Database:
    """Opens units of work: ``reading``, ``writing`` or a ``snapshot``.

    A semaphore bounds how many transactions of this process write at once. SQLite has one writer,
    so it is one there, which then waits at a lock file for writers of other processes, before it
    says BEGIN IMMEDIATE. PostgreSQL takes many, but the more of them wait for one row, the slower
    all become.

    Args:
        url: an SQLAlchemy URL; ``postgres://`` and ``postgresql://`` mean psycopg 3.
        pool_size: connections at most.
        wait: how long a caller waits for a connection or for its turn to write.
        limits: how long statements and transactions may take on PostgreSQL.
        prepare: whether PostgreSQL keeps statements prepared; not behind a pooler in transaction
            mode.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        wait: timedelta = timedelta(seconds=5),
        limits: Limits = DEFAULT_LIMITS,
        prepare: bool = False,
    ) -> None:
        self.url = normal_url(url)
        self._wait_seconds = wait.total_seconds()
        self.is_sqlite = self.url.startswith("sqlite")
        if self.is_sqlite:
            self.engines = open_sqlite(self.url, pool_size=pool_size, wait=wait)
        else:
            self.engines = open_postgresql(
                self.url, pool_size=pool_size, wait=wait, limits=limits, prepare=prepare
            )
        self.engine = self.engines.writing
        self.writers = Writers(1 if self.is_sqlite else WRITERS_AT_ONCE)
        # Beside the file rather than the file itself, which SQLite locks in a way of its own.
        self._file_lock = (
            FileLock(Path(f"{sqlite_file(self.url)}-writer")) if self.is_sqlite else None
        )
        self._outer = _Outer()
        may_tell = OnceAWhile()
        self.translated: Callable[[], AbstractContextManager[None]] = partial(translated, may_tell)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """Statements that change nothing, each of which sees its own moment.

        It is no transaction and waits for no writer. What was read stays usable afterwards.

        Raises:
            Busy: no connection came in time.
            DatabaseUnavailable: the database failed.
        """
        with self._unit(self._connected(self.engines.reading)) as work:
            yield work

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises:
            Busy: no connection, or no turn to write, came in time.
            DatabaseUnavailable: the database failed. Whether a commit was done is then unknown.
        """
        with self._unit(self._committed()) as work:
            yield work

    @contextmanager
    def snapshot(self) -> Iterator[UnitOfWork]:
        """For reading: everything as it is at one moment, while others go on writing.

        Raises:
            Busy: no connection came in time.
            DatabaseUnavailable: the database failed.
        """
        with self._connected(self.engines.snapshots) as transaction:
            yield UnitOfWork(transaction)

    @contextmanager
    def joined(self) -> Iterator[UnitOfWork]:
        """One transaction, as ``writing``, which all joins that this thread opens in the block.

        For idempotency alone: an answer is stored by the transaction that it answers for.

        Raises:
            Busy: no connection, or no turn to write, came in time.
            DatabaseUnavailable: the database failed. Whether a commit was done is then unknown.
        """
        with self.writing() as work:
            self._outer.work = work
            try:
                yield work
            finally:
                self._outer.work = None

    @contextmanager
    def _unit(self, opening: AbstractContextManager[Transaction]) -> Iterator[UnitOfWork]:
        outer = self._outer.work
        if outer is not None:
            yield outer
            outer.flush()
            return
        work: UnitOfWork | None = None
        try:
            with opening as transaction:
                work = UnitOfWork(transaction)
                yield work
        except BaseException:
            if work is not None:
                work.ended(committed=False)
            raise
        work.ended(committed=True)

    @contextmanager
    def _connected(self, engine: Engine) -> Iterator[Transaction]:
        with (
            self.translated(),
            engine.connect() as connection,
            closing(Transaction(connection)) as transaction,
        ):
            yield transaction

    @contextmanager
    def _committed(self) -> Iterator[Transaction]:
        with self._turn(), self._connected(self.engine) as transaction:
            yield transaction
            transaction.flush()
            transaction.connection.commit()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        ends_at = time.monotonic() + self._wait_seconds
        if not self.writers.acquire(within=self._wait_seconds):
            raise Busy
        try:
            left = max(ends_at - time.monotonic(), 0.0)
            with nullcontext() if self._file_lock is None else self._file_lock.held(within=left):
                yield
        finally:
            self.writers.release()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection for reading.

        Raises:
            Busy: none came in time.
            DatabaseUnavailable: the database does not answer.
        """
        with self.translated(), self.engines.reading.connect() as connection:
            yield connection

    def status(self) -> DatabaseStatus:
        """What the database says of itself.

        Raises:
            Busy: no connection came in time.
            DatabaseUnavailable: the database does not answer.
        """
        with self.connection() as connection:
            if self.is_sqlite:
                connection.execute(text("SELECT 1"))
                file = sqlite_file(self.url)
                takes_writes = all(os.access(place, os.W_OK) for place in (file, file.parent))
                return DatabaseStatus(clock=None, takes_writes=takes_writes)
            clock, read_only = connection.execute(STATUS).one()
            return DatabaseStatus(clock=clock, takes_writes=read_only == "off")

    def close(self) -> None:
        """Close every idle connection."""
        self.engine.dispose()


@contextmanager
def translated(may_tell: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """Turn the library's failures into the shop's own, and log what made the database unusable."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy from error
    except DBAPIError as error:
        if _is_locked(error):
            raise Busy from error
        if not _is_unusable(error):
            raise
        if may_tell():
            # The driver's words: they name hosts and users, and neither passwords nor values.
            cause = " ".join(str(error.orig).split())[:300]
            log.error("database unavailable", cause=cause)  # noqa: TRY400  # where is no news
        raise DatabaseUnavailable from error


def _is_unusable(error: DBAPIError) -> bool:
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        return True
    return _sqlstate(error) in UNUSABLE


def _is_locked(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return bool(code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
    return _sqlstate(error) in PASSING


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
