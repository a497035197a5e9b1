"""Databases that serve one test after the other.

SQLAlchemy compiles each statement once for an engine, which takes a third of a test's time; and a
new session of PostgreSQL reads the catalogue of each table that it meets.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta

from psycopg import Connection
from sqlalchemy import QueuePool, event
from sqlalchemy.pool import ConnectionPoolEntry

from app.database.engines import BEGIN
from app.database.postgresql import Limits, snapshot
from app.repositories.database import Database

PID = "backend_pid"

MOST_PREPARED = 500
"""Statements that a connection keeps prepared: all tests together run more than its hundred."""


@dataclass(frozen=True)
class Opened:
    """A database, and PostgreSQL's processes behind its connections."""

    database: Database
    sessions: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.database.is_sqlite:
            event.listen(self.database.engine.pool, "connect", self._connected)
            event.listen(self.database.engine.pool, "close", self._closed)

    @property
    def is_in_use(self) -> bool:
        return any(pool.checkedout() for pool in self._pools())

    def disconnect(self) -> None:
        for pool in self._pools():
            pool.dispose()

    def _pools(self) -> list[QueuePool]:
        engines = self.database.engines
        pools = {getattr(engines, each.name).pool for each in fields(engines)}
        return [pool for pool in pools if isinstance(pool, QueuePool)]  # others keep nothing open

    def _connected(self, connection: Connection, record: ConnectionPoolEntry) -> None:
        record.info[PID] = connection.info.backend_pid
        connection.prepared_max = MOST_PREPARED
        self.sessions.add(record.info[PID])

    def _closed(self, connection: Connection, record: ConnectionPoolEntry) -> None:
        self.sessions.discard(record.info[PID])


class OpenDatabases:
    """Opens each database once.

    Between two tests it has no connections to SQLite, whose file is another one then; those to
    PostgreSQL stay.
    """

    def __init__(self, *, wait: timedelta, limits: Limits) -> None:
        self._wait = wait
        self._limits = limits
        self._open: dict[str, Opened] = {}

    @contextmanager
    def at(self, url: str) -> Iterator[Database]:
        opened = self._open.pop(url, None)
        if opened is None:
            opened = Opened(self._opened(url))
        yield opened.database
        if opened.is_in_use:
            opened.database.close()  # a call is still under way: the next test must not share it
            return
        if opened.database.is_sqlite:
            opened.disconnect()
        self._open[url] = opened

    def _opened(self, url: str) -> Database:
        database = Database(url, wait=self._wait, limits=self._limits, prepare=True)
        if not database.is_sqlite:
            # A snapshot opens a session of its own elsewhere: half of what the auditor takes.
            kept = database.engine.execution_options(**{BEGIN: snapshot()})
            database.engines = replace(database.engines, snapshots=kept)
        return database

    def sessions(self) -> list[int]:
        """PostgreSQL's processes behind the connections that stay for the next test."""
        return [pid for opened in self._open.values() for pid in opened.sessions]

    def disconnect(self) -> None:
        """Close the connections that stayed."""
        for opened in self._open.values():
            opened.disconnect()

    def close(self) -> None:
        for opened in self._open.values():
            opened.database.close()
