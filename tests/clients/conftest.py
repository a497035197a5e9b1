"""What the tests of the clients share: faked wires, and a server that misbehaves as told."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
import respx

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.domain.money import Money
from app.domain.ports import PaymentGateway, RefundReport
from tests.programs.loopback import Loopback, Script

WAIT = 10.0
URL = "https://paystack.example"
KEY = "sk_test_0123456789"
NOW = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
PRICE = Money(500_000, "NGN")
PAGE = {"authorization_url": "https://checkout.example/k3v", "access_code": "k3v"}

Serve = Callable[[Script], str]


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def wire() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=URL) as router:
        yield router


@pytest.fixture
def bulkhead() -> Bulkhead:
    return Bulkhead(breaker=Breaker(name="paystack", opens_after=3), max_in_flight=2)


@pytest.fixture
def waited() -> list[float]:
    """How many seconds the gateway has slept, each time."""
    return []


@pytest.fixture
def paystack(bulkhead: Bulkhead, waited: list[float]) -> Iterator[PaystackGateway]:
    with open_http(URL, max_in_flight=2) as http:
        yield PaystackGateway(
            http=http, bulkhead=bulkhead, secret_key=KEY, clock=StoppedClock(), wait=waited.append
        )


def start_charge(gateway: PaymentGateway) -> str:
    return gateway.start_charge(
        reference="TCK-1",
        amount=PRICE,
        email="ada@example.com",
        callback_url="https://shop.example/paid",
        cancel_url="https://shop.example/cancelled",
        description="2 tickets, Fête de Lagos",
    )


def refund(gateway: PaymentGateway) -> RefundReport:
    return gateway.refund(
        reference="TCK-1", transaction_id="5200000001", amount=PRICE, note="refund 7"
    )


def list_refunds(gateway: PaymentGateway) -> Sequence[RefundReport]:
    return gateway.list_refunds(reference="TCK-1", transaction_id="5200000001")


def done(fields: object, **more: object) -> dict[str, object]:
    return {"status": True, "message": "Done", "data": fields, **more}


def refused(message: str, code: str = "validation") -> dict[str, object]:
    return {"status": False, "message": message, "meta": {}, "code": code}


def transaction(**changes: object) -> dict[str, object]:
    return {
        "id": 5_200_000_001,
        "status": "success",
        "reference": "TCK-1",
        "amount": 500_000,
        "requested_amount": 400_000,
        "currency": "NGN",
        "gateway_response": "Successful",
        "fees": 17_500,
        "paid_at": "2026-11-01T10:00:05.000Z",
    } | changes


def refund_row(number: int, **changes: object) -> dict[str, object]:
    return {
        "id": number,
        "transaction": 5_200_000_001,
        "status": "pending",
        "amount": 500_000,
        "currency": "NGN",
        "merchant_note": f"refund {number}",
    } | changes


def body_of(call: Any) -> Any:
    return json.loads(call.request.content)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts a loopback server with a script and gives its URL."""
    servers: list[Loopback] = []

    def start(script: Script) -> str:
        servers.append(Loopback(script))
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()
