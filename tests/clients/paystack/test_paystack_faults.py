import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

import pytest

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.domain.errors import ChargeRefused, PaymentGatewayUnavailable
from app.domain.ports import ChargeStatus
from tests.clients.conftest import Serve, StoppedClock, refund, start_charge
from tests.programs import loopback
from tests.programs.loopback import BODY, Script, after_reading, answering, head

LITTLE = timedelta(seconds=0.25)
PLENTY = timedelta(seconds=loopback.WAIT)
"""For a provider that answers: long enough for a machine that stands still for a while."""

Ask = Callable[[PaystackGateway], object]


class Shop:
    """A gateway that talks to one URL, with few places."""

    def __init__(self, url: str, budget: timedelta) -> None:
        self.bulkhead = Bulkhead(
            breaker=Breaker(name="paystack", opens_after=100),
            max_in_flight=2,
            budget=budget,
        )
        self.http = open_http(url, max_in_flight=2)
        self.paystack = PaystackGateway(
            http=self.http, bulkhead=self.bulkhead, secret_key="sk_test_1", clock=StoppedClock()
        )


class OpenShop(Protocol):
    def __call__(self, url: str, *, budget: timedelta = PLENTY) -> Shop: ...


@pytest.fixture
def open_shop() -> Iterator[OpenShop]:
    """Ask for it before ``serve``: calls without a waiting caller end when the server stops."""
    shops: list[Shop] = []

    def start(url: str, *, budget: timedelta = PLENTY) -> Shop:
        shops.append(Shop(url, budget))
        return shops[-1]

    yield start
    for shop in shops:
        deadline = time.monotonic() + 5
        while shop.bulkhead.calls_in_flight and time.monotonic() < deadline:
            time.sleep(0.01)
        shop.http.close()


def find_charge(paystack: PaystackGateway) -> object:
    return paystack.find_charge("TCK-1")


def find_refund(paystack: PaystackGateway) -> object:
    return paystack.find_refund("7")


ASKS: list[Ask] = [start_charge, find_charge, refund, find_refund]


HTML = b"<html><body>Bad gateway</body></html>"
NOT_DONE = b'{"status": false, "message": "Not now"}'

FAULTS = [
    loopback.never_answering,
    loopback.hanging_after_headers,
    loopback.dripping_headers,
    loopback.dripping_body,
    loopback.resetting_after_headers,
    loopback.closing_without_an_answer,
    loopback.halving_the_body,
    loopback.speaking_another_protocol,
]

ANSWERS = {
    "200 with HTML": (200, HTML),
    "200 with status false": (200, NOT_DONE),
    "401": (401, NOT_DONE),
    "429": (429, NOT_DONE),
    "500": (500, NOT_DONE),
    "502 with HTML": (502, HTML),
    "503 without a body": (503, b""),
}


class TestFaults:
    @pytest.mark.parametrize("ask", ASKS)
    @pytest.mark.parametrize("script", FAULTS)
    def test_end_as_unavailable_within_the_budget(
        self,
        open_shop: OpenShop,
        serve: Serve,
        script: Script,
        ask: Ask,
    ) -> None:
        shop = open_shop(serve(after_reading(script)), budget=LITTLE)

        # A caller without a budget would wait for ever, or get the whole answer of a slow one.
        with pytest.raises(PaymentGatewayUnavailable):
            ask(shop.paystack)

    @pytest.mark.parametrize("ask", ASKS)
    @pytest.mark.parametrize("name", ANSWERS)
    def test_in_answers_end_as_unavailable(
        self,
        open_shop: OpenShop,
        serve: Serve,
        name: str,
        ask: Ask,
    ) -> None:
        status, body = ANSWERS[name]
        shop = open_shop(serve(answering(head(status, len(body)) + body)))

        with pytest.raises(PaymentGatewayUnavailable):
            ask(shop.paystack)

    @pytest.mark.parametrize("ask", ASKS)
    def test_of_a_refused_connection_end_as_unavailable(
        self, open_shop: OpenShop, ask: Ask
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        shop = open_shop(f"http://127.0.0.1:{port}")

        with pytest.raises(PaymentGatewayUnavailable):
            ask(shop.paystack)

    def test_of_tls_end_as_unavailable(self, open_shop: OpenShop, serve: Serve) -> None:
        shop = open_shop(serve(answering(head())).replace("http:", "https:"))

        with pytest.raises(PaymentGatewayUnavailable):
            find_charge(shop.paystack)

    def test_leave_no_call_and_no_connection_behind(
        self, open_shop: OpenShop, serve: Serve
    ) -> None:
        closed = threading.Semaphore(0)

        def script(connection: socket.socket) -> None:
            with suppress(OSError):
                after_reading(loopback.dripping_body)(connection)
            closed.release()

        shop = open_shop(serve(script), budget=LITTLE)
        with pytest.raises(PaymentGatewayUnavailable):
            find_charge(shop.paystack)

        assert closed.acquire(timeout=5)
        deadline = time.monotonic() + 5
        while shop.bulkhead.calls_in_flight and time.monotonic() < deadline:
            time.sleep(0.01)
        assert shop.bulkhead.calls_in_flight == 0

    def test_that_never_end_fill_the_bulkhead_and_no_more(
        self, open_shop: OpenShop, serve: Serve
    ) -> None:
        shop = open_shop(serve(after_reading(loopback.dripping_headers)), budget=LITTLE)
        for _ in range(2):
            with pytest.raises(PaymentGatewayUnavailable):
                find_charge(shop.paystack)
        assert shop.bulkhead.calls_in_flight == 2

        with pytest.raises(PaymentGatewayUnavailable) as unavailable:
            find_charge(shop.paystack)

        assert unavailable.value.retry_after == timedelta(seconds=1)
        assert shop.bulkhead.calls_in_flight == 2


class TestAnswers:
    def test_reuse_their_connection(self, open_shop: OpenShop, serve: Serve) -> None:
        connections: list[int] = []

        def script(connection: socket.socket) -> None:
            connections.append(1)
            answering(head() + BODY)(connection)

        shop = open_shop(serve(script))

        statuses = {shop.paystack.find_charge("TCK-1").status for _ in range(20)}

        assert statuses == {ChargeStatus.PAID}
        assert len(connections) == 1

    def test_of_400_are_understood(self, open_shop: OpenShop, serve: Serve) -> None:
        refusing = open_shop(serve(answering(head(400, len(NOT_DONE)) + NOT_DONE)))

        with pytest.raises(ChargeRefused, match="Not now"):
            start_charge(refusing.paystack)
