"""One door to the database, SQLite or PostgreSQL, with the same promises on both."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.domain.errors import Busy, DatabaseUnavailable
from app.repositories.unit_of_work import UnitOfWork

READ_ONLY = "ticketing_read_only"


class Database:
    """Opens units of work.

    SQLite has one writer, so writers of this process queue for a lock before they say BEGIN
    IMMEDIATE; other processes wait by the busy timeout. PostgreSQL needs neither.

    Args:
        url: an SQLAlchemy URL; ``postgres://`` and ``postgresql://`` mean psycopg 3.
        pool_size: connections at most.
        wait: how long a caller waits for a connection or for its turn to write.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        wait: timedelta = timedelta(seconds=5),
    ) -> None:
        self.url = normal_url(url)
        self._wait_seconds = wait.total_seconds()
        self.is_sqlite = self.url.startswith("sqlite")
        self.engine = self._sqlite(pool_size) if self.is_sqlite else self._postgresql(pool_size)
        self._reader = self.engine.execution_options(
            **({READ_ONLY: True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )
        self._writer_turn = threading.Lock()

    @contextmanager
    def unit_of_work(self, *, read_only: bool = False) -> Iterator[UnitOfWork]:
        """One transaction: committed when the block ends, rolled back when it raises.

        A ``read_only`` one never waits for writers. What was read stays usable afterwards.

        Raises:
            Busy: no connection, or no turn to write, came in time.
            DatabaseUnavailable: the database failed. Whether a commit was done is then unknown.
        """
        bind = self._reader if read_only else self.engine
        with self._turn(read_only), _translated(), Session(bind, expire_on_commit=False) as session:
            yield UnitOfWork(session)
            if not read_only:
                session.commit()

    @contextmanager
    def _turn(self, read_only: bool) -> Iterator[None]:
        if read_only or not self.is_sqlite:
            yield
            return
        if not self._writer_turn.acquire(timeout=self._wait_seconds):
            raise Busy
        try:
            yield
        finally:
            self._writer_turn.release()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A bare connection for reading.

        Raises:
            Busy: none came in time.
            DatabaseUnavailable: the database does not answer.
        """
        with _translated(), self._reader.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every idle connection."""
        self.engine.dispose()

    def _sqlite(self, pool_size: int) -> Engine:
        file = make_url(self.url).database
        if file and file != ":memory:":
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=self._wait_seconds,
            connect_args={"check_same_thread": False, "timeout": self._wait_seconds},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _postgresql(self, pool_size: int) -> Engine:
        return create_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=self._wait_seconds,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": max(int(self._wait_seconds), 1),
                "options": "-c timezone=utc -c lock_timeout=10s -c statement_timeout=30s"
                " -c idle_in_transaction_session_timeout=60s",
            },
        )


def normal_url(url: str) -> str:
    """The URL with the driver we use: platforms hand out ``postgres://``."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _prepare_sqlite(dbapi: sqlite3.Connection, _record: Any) -> None:
    # Transactions are begun by _begin_sqlite, not by the driver: its own BEGIN is deferred, and a
    # reader that turns writer then fails at once, whatever the busy timeout.
    dbapi.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        dbapi.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the library's failures into the shop's own."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy from error
    except (OperationalError, InterfaceError) as error:
        raise Busy if _is_locked(error) else DatabaseUnavailable from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailable from error
        raise


def _is_locked(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return bool(code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
    # lock_not_available, deadlock_detected, serialization_failure: PostgreSQL, appendix A.
    return getattr(error.orig, "sqlstate", None) in ("55P03", "40P01", "40001")
