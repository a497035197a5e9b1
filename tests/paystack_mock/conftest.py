import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock

KEY = "sk_test_shop"
WEBHOOK_URL = "http://shop.test/payments/webhook"
CALLBACK = "https://shop.test/payments/back"

MakeMock = Callable[..., PaystackMock]


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 1, 9, 58, 40, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self._now

    def advance(self, duration: timedelta) -> None:
        self._now += duration


class Receiver(httpx.BaseTransport):
    """The shop's webhook door: keeps what comes and answers as told."""

    def __init__(self) -> None:
        self.received: list[httpx.Request] = []
        self.statuses: list[int] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.received.append(request)
        return httpx.Response(self.statuses.pop(0) if self.statuses else 200)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [httpx.Response(200, content=request.content).json() for request in self.received]

    @property
    def names(self) -> list[str]:
        return [event["event"] for event in self.events]


class Shop:
    """A caller of the API with one key; a browser too, for the checkout page."""

    def __init__(self, app: Starlette, key: str | None = KEY) -> None:
        self._app = app
        self._headers = {"authorization": f"Bearer {key}"} if key is not None else {}

    def call(self, method: str, path: str, **request: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://simulator.test", headers=self._headers
            ) as client:
                return await client.request(method, path, **request)

        return asyncio.run(send())

    def get(self, path: str, **params: str | int) -> httpx.Response:
        return self.call("GET", path, params=params)

    def initialize(self, **fields: Any) -> httpx.Response:
        body = {"email": "ada@example.com", "amount": 500_000, "reference": "R1"} | fields
        return self.call("POST", "/transaction/initialize", json=body)

    def open(self, **fields: Any) -> dict[str, Any]:
        """Initialize, and verify at once."""
        answer = self.initialize(**fields)
        assert answer.status_code == 200, answer.text
        return self.verify(answer.json()["data"]["reference"])

    def verify(self, reference: str = "R1") -> dict[str, Any]:
        answer = self.get(f"/transaction/verify/{reference}")
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()["data"]
        return body

    def refund(self, **fields: Any) -> httpx.Response:
        return self.call("POST", "/refund", json={"transaction": "R1"} | fields)


class Customer:
    """A browser on the checkout page of one transaction."""

    def __init__(self, shop: Shop, **fields: Any) -> None:
        self._shop = shop
        answer = shop.initialize(**({"callback_url": CALLBACK} | fields))
        self.path = httpx.URL(answer.json()["data"]["authorization_url"]).path

    def look(self) -> str:
        page = self._shop.get(self.path)
        assert page.status_code == 200
        return page.text

    def send(self, **form: str) -> httpx.Response:
        return self._shop.call("POST", self.path, data=form)

    def pay(
        self, number: str = "4084 0840 8408 4081", cvv: str = "408", expiry: str = "12/30"
    ) -> httpx.Response:
        return self.send(action="pay", number=number, cvv=cvv, expiry=expiry)

    def answer(self, step: str, answer: str) -> httpx.Response:
        return self.send(action="answer", step=step, answer=answer)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def make_mock(tmp_path: Path, clock: FakeClock, receiver: Receiver) -> MakeMock:
    """Build a simulator; all of one test share the store."""

    def make(**settings: Any) -> PaystackMock:
        chosen: dict[str, Any] = {
            "store": tmp_path / "mock.sqlite3",
            "webhook_url": WEBHOOK_URL,
            "secret_key": None,
            "slow_answer": timedelta(milliseconds=200),
        } | settings
        client = httpx.Client(transport=receiver)
        return PaystackMock(MockSettings(**chosen), webhook_client=client, clock=clock)

    return make


@pytest.fixture
def mock(make_mock: MakeMock) -> PaystackMock:
    return make_mock()


@pytest.fixture
def shop(mock: PaystackMock) -> Shop:
    return Shop(mock.app)


@pytest.fixture
def checkout_shop(make_mock: MakeMock) -> Shop:
    """A shop whose customers pay on the checkout page."""
    return Shop(make_mock(autopay=False).app)
