"""How many files a newcomer opens who follows one purchase; `traced_files` says what counts."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.domain.languages import Language
from app.http.browsers import languages
from app.routers.organizers import exports
from app.wiring.shop import build_app
from tests.architecture.traced_files import TracedFiles

pytestmark = pytest.mark.slow

MOST_FILES = 24
MOST_VALUES = 13
"""So that nothing leaves the count by being called a value."""

UNTOLD = "no-webhook@example.com"
"""Whose payment the simulator makes at once, and tells the shop nothing of."""


def listed(traced: TracedFiles) -> str:
    return "\n".join([f"{len(traced.steps)} files:", *traced.steps, "values:", *traced.values])


class Purchases:
    """Buys tickets over HTTP from the shop as it is run on a laptop, and traces the calls."""

    def __init__(self, shop: TestClient, traced: TracedFiles) -> None:
        self._shop = shop
        self._traced = traced
        person = {"email": UNTOLD, "username": "ada", "password": "password123"}
        self._ask("/users/", json=person)
        token = self._ask("/token", data={"username": "ada", "password": "password123"})
        self._headers = {"Authorization": f"Bearer {token.json()['access_token']}"}

    def pay(self) -> str:
        """Trace how a ticket of a new event is paid for; returns the reference."""
        event = {"title": "Jazz", "date": "2030-06-01T19:00:00", "location": "Lagos"}
        made = self._ask("/events/", json={**event, "ticket_price": 2500, "category": "Music"})
        self._traced.forget()
        return str(
            self._ask("/payments/pay", json={"event_id": made.json()["id"]}).json()["reference"]
        )

    def verify(self, reference: str) -> dict[str, Any]:
        """Trace how Paystack is asked, and the ticket issued."""
        self._traced.forget()
        answer: dict[str, Any] = self._ask(f"/payments/verify/{reference}").json()
        return answer

    def _ask(self, path: str, **content: Any) -> httpx.Response:
        headers = getattr(self, "_headers", {})
        answer: httpx.Response = self._shop.post(path, headers=headers, **content)
        assert answer.is_success, answer.text
        return answer


@pytest.fixture
def traced() -> TracedFiles:
    return TracedFiles()


@pytest.fixture
def purchases(tmp_path: Path, traced: TracedFiles) -> Iterator[Purchases]:
    app = build_app(Settings(_env_file=None, var_dir=tmp_path, work_in_process=False))
    with traced.noting(), TestClient(app) as shop:
        bought = Purchases(shop, traced)
        bought.verify(bought.pay())  # so that nothing is prepared on the way any more
        yield bought


def assert_is_short(traced: TracedFiles) -> None:
    assert "routers/payments/payments.py" in traced.steps
    assert len(traced.steps) <= MOST_FILES, listed(traced)
    assert len(traced.values) <= MOST_VALUES, listed(traced)


class TestPurchase:
    def test_is_paid_for_in_few_files(self, purchases: Purchases, traced: TracedFiles) -> None:
        purchases.pay()

        assert_is_short(traced)

    def test_is_verified_in_few_files(self, purchases: Purchases, traced: TracedFiles) -> None:
        reference = purchases.pay()

        answer = purchases.verify(reference)

        assert answer["ticket_id"]
        assert_is_short(traced)


EXPORTS = "routers/organizers/exports.py"
LANGUAGES = "http/browsers/languages.py"


class Garbage:
    """Holds itself, and a generator of the shop that was begun: only the collector ends it."""

    def __init__(self, begun: Iterator[bytes]) -> None:
        self.held: Any = self
        self.begun = begun


def leave_behind() -> None:
    """As other tests do with what they do not read to its end."""
    begun = exports._without_deadline(iter([b"1", b"2"]))
    next(begun)
    Garbage(begun)


class TestNoting:
    def test_leaves_out_what_ends_as_garbage_of_before(self) -> None:
        leave_behind()
        traced = TracedFiles()

        with traced.noting():
            languages.accepted_language("fr", default=Language.ENGLISH)
            [[] for _ in range(100_000)]  # often enough for the collector to run

        assert traced.steps == [LANGUAGES]
        assert gc.isenabled()

    def test_would_be_misled_by_the_collector(self) -> None:
        traced = TracedFiles()

        with traced.noting():
            leave_behind()
            traced.forget()
            gc.collect()

        assert traced.steps == [EXPORTS]
