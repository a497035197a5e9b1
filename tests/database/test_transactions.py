import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from app.domain.ids import UserId
from app.repositories.database import Database
from tests.steps.statements import listening
from tests.support.racing import LONGEST


def test_one_that_takes_long_to_begin_holds_up_nobody(database: Database) -> None:
    begins, others_are_done = threading.Event(), threading.Event()
    slow = threading.local()

    def wait(_: Any, __: Any, statement: str, *___: Any) -> None:
        if getattr(slow, "is_slow", False) and statement.startswith("BEGIN"):
            begins.set()
            assert others_are_done.wait(LONGEST.total_seconds())

    def write_slowly() -> None:
        slow.is_slow = True
        with database.writing() as work:
            work.users.find(UserId(1))

    def read() -> None:
        with database.reading() as work:
            work.users.find(UserId(1))

    with listening(database, "after_cursor_execute", wait), ThreadPoolExecutor(2) as threads:
        writer = threads.submit(write_slowly)
        assert begins.wait(LONGEST.total_seconds())
        try:
            threads.submit(read).result(LONGEST.total_seconds() / 2)
        finally:
            others_are_done.set()
        writer.result(LONGEST.total_seconds())
