"""Databases that serve one test after the other.

SQLAlchemy compiles each statement once for an engine, which takes a third of a test's time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta

from sqlalchemy import QueuePool

from app.database.postgresql import Limits
from app.repositories.database import Database


class OpenDatabases:
    """Opens each database once. Between two tests it has no connections."""

    def __init__(self, *, wait: timedelta, limits: Limits) -> None:
        self._wait = wait
        self._limits = limits
        self._open: dict[str, Database] = {}

    @contextmanager
    def at(self, url: str) -> Iterator[Database]:
        database = self._open.pop(url, None)
        if database is None:
            database = Database(url, wait=self._wait, limits=self._limits)
        yield database
        if any(pool.checkedout() for pool in _pools(database)):
            database.close()  # a call is still under way: the next test must not share it
            return
        for pool in _pools(database):
            pool.dispose()
        self._open[url] = database

    def close(self) -> None:
        for database in self._open.values():
            database.close()


def _pools(database: Database) -> list[QueuePool]:
    engines = database.engines
    pools = {getattr(engines, each.name).pool for each in fields(engines)}
    return [pool for pool in pools if isinstance(pool, QueuePool)]  # others keep nothing open
