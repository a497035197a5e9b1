"""Many callers at the same time."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import text

from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork

T = TypeVar("T")

LONGEST: Final = timedelta(seconds=60)
"""How long any one caller may take: a lost one fails the test instead of holding it up."""


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Make all these calls from threads that start together; give their answers in order.

    Raises:
        TimeoutError: they are not all done within ``LONGEST``.
    """
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait(LONGEST.total_seconds())
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls, timeout=LONGEST.total_seconds()))


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another thread is about to do."""
    ends_at = time.monotonic() + LONGEST.total_seconds()
    while not holds():
        assert time.monotonic() < ends_at, "it never came to that"
        time.sleep(0.001)


BEHIND_A_LOCK: Final = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def writers_waiting(database: Database) -> int:
    """How many writers stand behind another one."""
    if database.is_sqlite:
        return database.writers.waiting
    with database.connection() as connection:
        return int(connection.execute(text(BEHIND_A_LOCK)).scalar_one())


def all_wait(database: Database, begun: Sequence[Future[Any]]) -> bool:
    """Whether each of these either stands behind another writer or has ended."""
    return writers_waiting(database) + sum(future.done() for future in begun) == len(begun)


class ExchangedDatabase(Database):
    """A database whose transactions have other repositories.

    Args:
        database: where everything is.
        exchange: puts the other repositories into a unit of work.
    """

    def __init__(self, database: Database, exchange: Callable[[UnitOfWork], None]) -> None:
        self.__dict__.update(vars(database))
        self._exchange = exchange

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        with super().writing() as work:
            self._exchange(work)
            yield work
