"""PostgreSQL is killed under a selling shop: a polite pause, and nothing is lost."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx
import pytest
from sqlalchemy import text

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.crashes.stage import Stage, open_stage
from tests.programs.postgres_server import PostgresServer, fresh_database
from tests.programs.servers import running_shop
from tests.support.people import Headers
from tests.support.racing import LONGEST

pytestmark = pytest.mark.slow

BUYERS: Final = 6
SELLING: Final = timedelta(seconds=1)
UNLIMITED: Final = {
    "UNPAID_ORDERS": "100000",
    "UNPAID_PLACES": "100000",
    "UNCONFIRMED_PLACES": "100000",
}
"""A buyer may hold as much unpaid as the test has time for."""

DARKNESS: Final = timedelta(seconds=1)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with PostgresServer(durable=True) as server:
        yield server


@pytest.fixture
def stage(server: PostgresServer, tmp_path: Path, provider: httpx.Client) -> Iterator[Stage]:
    with fresh_database(server.url, "restart") as url:
        database = Database(url)
        migrate(database)
        database.close()
        with open_stage(tmp_path, url, provider) as stage:
            yield stage


@dataclass
class Buyer:
    """Places one order after the other, until one succeeds after the database is back."""

    url: str
    who: Headers
    event_id: int
    is_back: threading.Event
    answers: list[int] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    has_returned: bool = False

    def shop(self) -> None:
        with httpx.Client(base_url=self.url, timeout=30, trust_env=False) as http:
            while not self.has_returned:
                was_back = self.is_back.is_set()
                answer = http.post("/orders/", json={"event_id": self.event_id}, headers=self.who)
                self.answers.append(answer.status_code)
                if answer.status_code == 201:
                    self.orders.append(answer.json()["id"])
                    self.has_returned = was_back
                time.sleep(0.02)


class TestDatabaseRestart:
    def test_is_a_polite_pause(self, server: PostgresServer, stage: Stage) -> None:
        event_id, is_back = stage.event(), threading.Event()
        environment = {**stage.environment, **UNLIMITED}
        with running_shop(stage.folder, environment, workers=2) as shop:
            buyers = [Buyer(shop.url, stage.person(), event_id, is_back) for _ in range(BUYERS)]
            threads = [threading.Thread(target=buyer.shop) for buyer in buyers]
            for thread in threads:
                thread.start()
            time.sleep(SELLING.total_seconds())
            server.kill_hard()
            time.sleep(DARKNESS.total_seconds())
            server.start()
            is_back.set()
            for thread in threads:
                thread.join(LONGEST.total_seconds())

        found = Counter(answer for buyer in buyers for answer in buyer.answers)
        assert set(found) == {201, 503}, found
        assert all(buyer.has_returned for buyer in buyers)
        ordered = {order for buyer in buyers for order in buyer.orders}
        with stage.database.connection() as connection:
            stored = set(connection.execute(text("SELECT id FROM orders")).scalars())
        assert ordered <= stored
        assert stage.violations() == []
