"""The provider hangs for everybody: buyers hear so in time, everybody else notices nothing."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import pytest
from sqlalchemy import update

from app.domain.states import OrderStatus
from app.models.orders.orders import Order
from app.repositories.database import Database
from tests.programs.servers import running_shop
from tests.races.conftest import Shop
from tests.races.providers import MoodyProvider
from tests.steps.waiting import eventually
from tests.support.racing import LONGEST, at_once

pytestmark = pytest.mark.slow

BUYERS: Final = 50
BUDGET: Final = timedelta(seconds=3)
REST: Final = timedelta(seconds=2)
OPENED: Final = ("open", "half-open")
"""The latter when it has rested for long enough, as it may have on a busy machine."""

LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[MoodyProvider]:
    with MoodyProvider(tmp_path).open() as provider:
        yield provider


@pytest.fixture
def shop(tmp_path: Path, provider: MoodyProvider) -> Iterator[Shop]:
    """One worker, since every worker has a breaker of its own."""
    url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    environment = {
        "DATABASE_URL": url,
        "DATABASE_WAIT": "30",
        "PAYSTACK_BASE_URL": provider.url,
        "PAYSTACK_BUDGET": str(BUDGET.total_seconds()),
        "PAYSTACK_REST": str(REST.total_seconds()),
        # Ada stands for many buyers.
        "UNPAID_ORDERS": "1000",
        "UNPAID_PLACES": "1000",
        "UNCONFIRMED_PLACES": "1000",
    }
    with running_shop(tmp_path, environment) as server, server.client(timeout=LONGEST) as http:
        database = Database(url)
        yield Shop(server, http, database)
        database.close()


@dataclass
class Visitor:
    """Looks at the list of events again and again, and counts."""

    http: httpx.Client
    looks: int = 0

    def look_until(self, done: threading.Event) -> None:
        while not done.is_set():
            assert self.http.get("/events/").status_code == 200
            self.looks += 1
            done.wait(0.01)


def pay(shop: Shop, event_id: int, headers: dict[str, str]) -> httpx.Response:
    return shop.http.post("/payments/pay", json={"event_id": event_id}, headers=headers)


def breaker(shop: Shop) -> str:
    state: str = shop.http.get("/health/ready").json()["breaker"]
    return state


def holds_end(shop: Shop) -> None:
    """Let the time of every unpaid order be over, behind the shop's back."""
    pending = update(Order).where(Order.status == OrderStatus.PENDING)
    with shop.database.engine.begin() as connection:
        connection.execute(pending.values(expires_at=LONG_AGO))


class TestOutage:
    def test_costs_buyers_a_polite_refusal_and_nobody_else_anything(
        self, shop: Shop, provider: MoodyProvider
    ) -> None:
        event_id = shop.event(capacity=BUYERS)
        free_id = shop.event(ticket_price=0)
        ada = shop.person("ada")
        visitor = Visitor(shop.http)
        provider.fall_silent()
        done = threading.Event()
        visit = threading.Thread(target=visitor.look_until, args=[done])
        visit.start()

        answers = at_once([partial(pay, shop, event_id, ada)] * BUYERS)

        done.set()
        visit.join(LONGEST.total_seconds())
        for answer in answers:
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json()["code"].startswith("payment-gateway-")
        # If lists waited for the provider as payments do, each would have taken the whole budget.
        assert visitor.looks > 10
        assert breaker(shop) in OPENED
        free = pay(shop, free_id, ada)
        assert free.json()["ticket_id"] is not None

        self.probe_once(shop, provider, event_id, ada)
        self.recover(shop, provider, event_id, ada)

    def probe_once(
        self, shop: Shop, provider: MoodyProvider, event_id: int, ada: dict[str, str]
    ) -> None:
        time.sleep(REST.total_seconds())
        before = len(provider.heard)

        answers = at_once([partial(pay, shop, event_id, ada)] * 20)

        assert {answer.status_code for answer in answers} == {503}
        assert len(provider.heard) - before == 1
        assert breaker(shop) in OPENED

    def recover(
        self, shop: Shop, provider: MoodyProvider, event_id: int, ada: dict[str, str]
    ) -> None:
        provider.come_back()
        time.sleep(REST.total_seconds())

        answer = pay(shop, event_id, ada)

        assert answer.status_code == 200, answer.text
        assert breaker(shop) == "closed"
        verified = shop.http.post(f"/payments/verify/{answer.json()['reference']}", headers=ada)
        assert verified.status_code == 200, verified.text
        # Whoever was refused had the place back at once; of those the provider may have heard,
        # it says that it did not when their holds are over.
        holds_end(shop)
        places = partial(shop.http.get, f"/events/{event_id}")
        assert eventually(lambda: places().json()["places_left"] == BUYERS - 1, within=LONGEST)
