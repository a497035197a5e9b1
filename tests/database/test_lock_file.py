import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from app.database.engines import FileLock
from app.database.migrations import migrate
from app.domain.errors import Busy, DatabaseUnavailable
from app.domain.ids import EventId
from app.repositories.database import Database
from tests.support.racing import until

ANOTHER_PROCESS = """
import sys
from pathlib import Path
from app.database.engines import FileLock
with FileLock(Path(sys.argv[1])).held(within=60):
    print("inside", flush=True)
    sys.stdin.read()
"""


class TestHeld:
    def test_lets_one_process_in_and_the_next_when_it_dies(self, tmp_path: Path) -> None:
        file, inside = tmp_path / "writer", threading.Event()

        def follow() -> None:
            with FileLock(file).held(within=60):
                inside.set()

        follower = threading.Thread(target=follow, daemon=True)
        with subprocess.Popen(
            [sys.executable, "-c", ANOTHER_PROCESS, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as first:
            assert first.stdout is not None
            assert first.stdout.readline() == b"inside\n"
            follower.start()

            assert not inside.wait(0.2)
            first.kill()
            assert inside.wait(20)

        follower.join(20)

    def test_ends_for_who_waited_long_enough_and_for_no_later_one(self, tmp_path: Path) -> None:
        file = tmp_path / "tickets.sqlite3"
        database = Database(f"sqlite:///{file}", wait=timedelta(milliseconds=100))
        migrate(database)
        with subprocess.Popen(
            [sys.executable, "-c", ANOTHER_PROCESS, f"{file}-writer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"inside\n"

            with ThreadPoolExecutor(3) as writers:
                said = list(writers.map(lambda _: write(database), range(3)))

            assert other.poll() is None
            other.kill()
        assert said == ["busy"] * 3
        until(lambda: write(database) == "done")
        # Those who gave up keep no place in the line.
        with FileLock(Path(f"{file}-writer")).held(within=20):
            pass
        database.close()

    def test_refuses_where_no_file_can_be(self, tmp_path: Path) -> None:
        lock = FileLock(tmp_path / "absent" / "writer")

        with pytest.raises(DatabaseUnavailable), lock.held(within=1):
            pass


def write(database: Database) -> str:
    try:
        with database.writing() as work:
            work.events.has_orders(EventId(1))
    except Busy as error:
        return error.code
    return "done"
