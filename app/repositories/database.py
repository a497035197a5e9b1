"""One door to the database, SQLite or PostgreSQL, with the same promises on both."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database.dialects import READ_ONLY
from app.database.engines import open_postgresql, open_sqlite, sqlite_file
from app.database.lock_file import ProcessLine
from app.database.postgresql import Limits, normal_url
from app.database.transaction import Transaction
from app.database.turnstile import Turnstile
from app.domain.errors import Busy, DatabaseUnavailable
from app.domain.operations.clocks import OnceAWhile
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


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """What a database says of itself."""

    clock: datetime | None
    """``None``: it is a file, and has none of its own."""
    takes_writes: bool
    """A standby does not, nor does one that was made read-only."""


class Database:
    """Opens units of work.

    Writers of this process queue for a turn. SQLite has one writer, so one of them has it at a
    time; then it waits at a lock file for those of other processes, before it says BEGIN IMMEDIATE.
    PostgreSQL takes many, but the more of them stand in line for one row, the slower all become,
    so only a few are let in at once.

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
        self._turns = Turnstile(1 if self.is_sqlite else WRITERS_AT_ONCE)
        # Beside the file rather than the file itself, which SQLite locks in a way of its own.
        self._line = (
            ProcessLine(Path(f"{sqlite_file(self.url)}-writer")) if self.is_sqlite else None
        )
        self._shared = threading.local()
        may_tell = OnceAWhile()
        self._translated = partial(translated, may_tell)

    @contextmanager
    def unit_of_work(
        self,
        *,
        read_only: bool = False,
        shared: bool = False,
        relaxed: bool = False,
        urgent: bool = False,
    ) -> Iterator[UnitOfWork]:
        """One transaction: committed when the block ends, rolled back when it raises.

        A ``read_only`` one is no transaction at all: each statement sees its own moment, and none
        waits for writers. What was read stays usable afterwards. Units that the same thread opens
        inside a ``shared`` one join it: they are committed with it or not at all. A ``relaxed``
        one has weaker durability: its commit does not wait for the disk, so a power failure,
        though no crash of the process, may undo it. Use it only for what is found out again. An
        ``urgent`` one, of a scan, comes before all others.

        Raises:
            Busy: no connection, or no turn to write, came in time.
            DatabaseUnavailable: the database failed. Whether a commit was done is then unknown.
        """
        outer: UnitOfWork | None = getattr(self._shared, "unit", None)
        if outer is not None:
            yield outer
            outer.flush()
            return
        unit: UnitOfWork | None = None
        try:
            way_in = self._turns.reading if read_only else self._turn
            bind = self._bind(read_only, relaxed)
            with way_in(urgent=urgent), self._transaction(bind, read_only) as transaction:
                unit = UnitOfWork(transaction)
                self._shared.unit = unit if shared else None
                yield unit
            unit.committed()
        except BaseException:
            self._shared.unit = None
            if unit is not None:
                unit.failed()
            raise
        finally:
            self._shared.unit = None

    def _bind(self, read_only: bool, relaxed: bool) -> Engine:
        if read_only:
            return self.engines.reading
        return self.engines.relaxed if relaxed else self.engine

    @contextmanager
    def _transaction(self, bind: Engine, read_only: bool) -> Iterator[Transaction]:
        with (
            self._translated(),
            bind.connect() as connection,
            closing(Transaction(connection)) as transaction,
        ):
            yield transaction
            if not read_only:
                transaction.flush()
                connection.commit()

    @contextmanager
    def snapshot(self) -> Iterator[UnitOfWork]:
        """For reading: everything as it is at one moment, while others go on writing.

        Raises:
            Busy: no connection came in time.
            DatabaseUnavailable: the database failed.
        """
        with (
            self._translated(),
            self.engines.snapshots.connect() as connection,
            closing(Transaction(connection)) as transaction,
        ):
            yield UnitOfWork(transaction)

    @contextmanager
    def _turn(self, *, urgent: bool) -> Iterator[None]:
        ends_at = time.monotonic() + self._wait_seconds
        if not self._turns.enter(urgent=urgent, within=self._wait_seconds):
            raise Busy
        try:
            left = max(ends_at - time.monotonic(), 0.0)
            with nullcontext() if self._line is None else self._line.turn(within=left):
                yield
        finally:
            self._turns.leave(urgent=urgent)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection for reading.

        Raises:
            Busy: none came in time.
            DatabaseUnavailable: the database does not answer.
        """
        with self._translated(), self.engines.reading.connect() as connection:
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
