"""The statements that something sends to the database, and what happens between two of them."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Connection, event

from app.domain.errors import TicketingError
from app.repositories.database import Database
from tests.support.racing import LONGEST, until, writers_waiting

T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def asked(database: Database) -> Iterator[dict[str, Any]]:
    """The statements of this block, with parameters."""
    seen: dict[str, Any] = {}

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen[statement] = parameters

    with listening(database, "before_cursor_execute", note):
        yield seen


@contextmanager
def sent(database: Database) -> Iterator[list[str]]:
    """All statements of this block in their order, and how the transactions among them end."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    def commit(_: Connection) -> None:
        seen.append("COMMIT")

    def roll_back(_: Connection) -> None:
        seen.append("ROLLBACK")

    with (
        listening(database, "before_cursor_execute", note),
        listening(database, "commit", commit, only_writing=True),
        listening(database, "rollback", roll_back, only_writing=True),
    ):
        yield seen


@dataclass
class Interruption:
    """What happens, once the call has sent so many statements.

    The call goes on when it has happened, or when it waits for a lock of the call's.
    """

    database: Database
    after: int
    happening: Callable[[], object]
    threads: ThreadPoolExecutor
    statement: str = ""
    """Behind which it happened; none: the call was over before."""
    sent: int = 0
    happened: Future[None] | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _apart: threading.local = field(default_factory=threading.local)

    def note(self, _: Any, __: Any, statement: str, *___: Any) -> None:
        if getattr(self._apart, "is_ours", False):
            return
        with self._turn:
            self.sent += 1
            is_time = self.sent == self.after
        if is_time:
            self.statement = " ".join(statement.split())
            self._apart.is_ours = True
            happened = self.happened = self.threads.submit(self._happen)
            until(lambda: happened.done() or writers_waiting(self.database) > 0)
            self._apart.is_ours = False

    def _happen(self) -> None:
        self._apart.is_ours = True
        try:
            self.happening()
        except TicketingError:
            pass  # the call came first
        finally:
            self._apart.is_ours = False


@contextmanager
def interrupted(
    database: Database, *, after: int, by: Callable[[], object]
) -> Iterator[Interruption]:
    """Let this happen behind the statement of this number of the block's calls, from 1."""
    with ThreadPoolExecutor(1) as threads:
        interruption = Interruption(database, after, by, threads)
        with listening(database, "after_cursor_execute", interruption.note):
            yield interruption
    if interruption.happened is not None:
        interruption.happened.result(LONGEST.total_seconds())


def interrupted_everywhere(
    database: Database,
    *,
    make: Callable[[], T],
    call: Callable[[T], R],
    by: Callable[[T], object],
) -> Iterator[tuple[str, R]]:
    """Make a call once for each statement of it, with this happening behind that, and once alone.

    Yields the statement and what the call returned.

    Args:
        database: which the call uses.
        make: prepares one call; what it returns is passed on.
        call: what is interrupted.
        by: what happens, in another thread.
    """
    for after in count(1):
        made = make()
        with interrupted(database, after=after, by=partial(by, made)) as interruption:
            answer = call(made)
        yield interruption.statement, answer
        if interruption.happened is None:
            return


@contextmanager
def listening(
    database: Database, name: str, note: Any, *, only_writing: bool = False
) -> Iterator[None]:
    """Have the engines tell of what they do, by an event of SQLAlchemy's."""
    engines = {database.engine} if only_writing else {database.engines.reading, database.engine}
    for engine in engines:
        event.listen(engine, name, note)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, name, note)
