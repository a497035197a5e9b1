"""What stops without dying: the database, a worker in the middle of its transactions."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.config import Settings
from app.database.migrations import migrate
from app.database.postgresql import Limits
from app.domain.errors import Busy, DatabaseUnavailable
from app.domain.operations.clocks import CALL_ENDS_AT
from app.factory import AppParts, EventDefaults, create_app
from app.repositories.database import Database, translated
from app.wiring.services import build_services
from tests.programs.in_process import InProcess
from tests.programs.postgres_server import PostgresServer, connect, fresh_database
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.outside import outside_of
from tests.support.racing import until

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

PATIENT = Limits(
    statement=timedelta(minutes=2), idle=timedelta(minutes=3), answer=timedelta(minutes=5)
)
"""Without a deadline of another kind, nothing ends within a test's time."""

ROOT = Path(__file__).parents[2]
SHORT = timedelta(seconds=1)

HOT = "UPDATE hot SET held = held + 1 WHERE id = 1"

# Four transactions at once, as many as a worker has: one locks the row, the others wait for it.
WORKER = f"""
import sys, threading, time
from sqlalchemy import text
from datetime import timedelta
from app.repositories.database import Database
from app.database.postgresql import Limits
statement, idle = (timedelta(seconds=int(seconds)) for seconds in sys.argv[2:])
database = Database(sys.argv[1], limits=Limits(statement=statement, idle=idle))
def hold():
    with database.engine.begin() as connection:
        connection.execute(text("{HOT}"))
        time.sleep(600)
for _ in range(4):
    threading.Thread(target=hold, daemon=True).start()
time.sleep(600)
"""

STATES = """
SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'),
    count(*) FILTER (WHERE state = 'idle in transaction')
FROM pg_stat_activity WHERE query LIKE 'UPDATE hot%'
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of its own: the others' goes on."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def url(server: PostgresServer) -> Iterator[str]:
    with fresh_database(server.url, "frozen") as url:
        yield url


def ask(database: Database) -> object:
    with database.connection() as connection:
        return connection.execute(text("SELECT 1")).scalar_one()


def write(database: Database) -> None:
    with translated(), database.engine.begin() as connection:
        connection.execute(text("SELECT 1"))


class TestFrozenDatabase:
    @pytest.mark.parametrize("begin", [ask, write])
    def test_ends_a_statement(
        self, server: PostgresServer, url: str, begin: Callable[[Database], object]
    ) -> None:
        limits = Limits(statement=SHORT / 4, idle=SHORT / 2, answer=SHORT)
        database = Database(url, limits=limits)
        assert ask(database) == 1

        with server.frozen(), pytest.raises(DatabaseUnavailable):
            begin(database)

        assert ask(database) == 1
        database.close()

    def test_ends_a_call(self, server: PostgresServer, url: str) -> None:
        database = Database(url, limits=PATIENT)
        assert ask(database) == 1

        was = CALL_ENDS_AT.set(time.monotonic() + SHORT.total_seconds())
        with server.frozen(), pytest.raises(DatabaseUnavailable):
            ask(database)
        CALL_ENDS_AT.reset(was)

        assert ask(database) == 1
        database.close()

    def test_is_a_503_over_http(self, server: PostgresServer, url: str, settings: Settings) -> None:
        database = Database(url, limits=PATIENT)
        migrate(database)
        outside = outside_of(
            database, clock=FakeClock(), gateway=FakeGateway(), mailer=FakeMailer()
        )
        app = create_app(
            AppParts(
                services=build_services(outside, settings),
                ids=outside.ids,
                event_defaults=EventDefaults(time_zone="Africa/Lagos", currency="NGN"),
                call_limit=SHORT,
            )
        )
        with httpx.Client(
            transport=InProcess(app), base_url="https://shop.test", timeout=60
        ) as http:
            assert http.get("/events/").status_code == 200

            with server.frozen():
                answer = http.get("/events/")

            assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
            assert http.get("/events/").status_code == 200
        database.close()


class TestPausedWorker:
    @pytest.mark.parametrize(
        ("statement", "ended"),
        [
            pytest.param("1", 1, id="waiting-is-shorter"),
            # The negative control: each of its transactions gets the row in turn.
            pytest.param("60", 4, id="waiting-is-longer"),
        ],
    )
    def test_keeps_the_hot_row_for_one_idle_limit_in_all(
        self, server: PostgresServer, url: str, statement: str, ended: int
    ) -> None:
        before = self._ended(server)
        with connect(url) as admin:
            admin.execute("CREATE TABLE hot (id int PRIMARY KEY, held int NOT NULL)")
            admin.execute("INSERT INTO hot VALUES (1, 0)")
            command = [sys.executable, "-c", WORKER, url, statement, "3"]
            with subprocess.Popen(command, cwd=ROOT) as worker:
                until(lambda: admin.execute(STATES).fetchone() == (3, 1))
                worker.send_signal(signal.SIGSTOP)
                try:
                    self._hold(Database(url))
                finally:
                    worker.kill()

        # Those that waited for no longer than a statement may had failed before.
        assert self._ended(server) - before == ended

    def _hold(self, database: Database) -> None:
        """Get the row, as a buyer of another worker who tries again when told to."""
        while True:
            with suppress(Busy), translated(), database.engine.begin() as connection:
                connection.execute(text(HOT))
                break
        database.close()

    def _ended(self, server: PostgresServer) -> int:
        return server.log.count("terminating connection due to idle-in-transaction timeout")
