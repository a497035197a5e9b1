import logging
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.config import ConfigurationError, Settings
from app.paystack_mock.desks.courier import sign
from app.wiring.adapters import paystack_key
from app.wiring.simulator import Simulator, open_port

WAIT = 10.0
DOCUMENTATION_ADDRESS = "192.0.2.1"
"""No machine has it (RFC 5737)."""


class FakeShop:
    """Takes webhooks, and keeps their bodies and signatures."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.taken.append((await request.body(), request.headers["x-paystack-signature"]))
        await Response()(scope, receive, send)


@contextmanager
def running(settings: Settings) -> Iterator[Simulator]:
    simulator = Simulator(settings)
    simulator.start()
    try:
        yield simulator
    finally:
        simulator.stop()


@contextmanager
def calling(simulator: Simulator, settings: Settings) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {paystack_key(settings)}"}
    with httpx.Client(
        base_url=simulator.url, headers=headers, timeout=WAIT, trust_env=False
    ) as http:
        yield http


def initialize(http: httpx.Client, reference: str = "R1") -> int:
    body = {"email": "ada@example.com", "amount": 500_000, "reference": reference}
    return http.post("/transaction/initialize", json=body).status_code


class TestStart:
    def test_answers_the_shops_client_over_a_socket(self, settings: Settings) -> None:
        with running(settings) as simulator, calling(simulator, settings) as http:
            assert initialize(http) == 200
            assert http.get("/transaction/verify/R1").json()["data"]["status"] == "success"

    def test_answers_who_called_before(self, settings: Settings) -> None:
        simulator = Simulator(settings)

        with calling(simulator, settings) as http, ThreadPoolExecutor(1) as pool:
            early = pool.submit(initialize, http)
            simulator.start()

            assert early.result(WAIT) == 200
        simulator.stop()

    def test_shares_its_books_with_other_processes(self, settings: Settings) -> None:
        with running(settings) as one, running(settings) as other:
            assert one.url != other.url
            with calling(one, settings) as http:
                initialize(http)
            with calling(other, settings) as http:
                assert http.get("/transaction/verify/R1").status_code == 200

    def test_leaves_signals_as_they_are(self, settings: Settings) -> None:
        before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

        with running(settings) as simulator, calling(simulator, settings) as http:
            initialize(http)
            after = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

        assert after == before

    def test_adds_nothing_to_the_log(
        self, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)

        with running(settings) as simulator, calling(simulator, settings) as http:
            initialize(http)

        assert [it.getMessage() for it in caplog.records if it.name.startswith("uvicorn")] == []

    def test_tells_the_log_what_went_wrong(
        self, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def broken(scope: Scope, receive: Receive, send: Send) -> None:
            raise RuntimeError("broken on purpose")

        with running(settings) as simulator, calling(simulator, settings) as http:
            simulator.shop = broken
            assert http.post("/payments/webhook").status_code == 500

        assert "broken on purpose" in caplog.text

    def test_leaves_the_log_of_the_shops_own_server_alone(
        self, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO)

        with running(settings):
            logging.getLogger("uvicorn.access").info("GET /events/")

        assert "GET /events/" in caplog.text

    def test_is_refused_in_a_sentence_where_no_port_can_be_opened(self) -> None:
        with pytest.raises(ConfigurationError, match=r"cannot open a port on 192\.0\.2\.1: "):
            open_port(DOCUMENTATION_ADDRESS)


class TestWebhooks:
    def test_come_to_the_shop_signed(self, settings: Settings) -> None:
        shop = FakeShop()

        with running(settings) as simulator, calling(simulator, settings) as http:
            simulator.shop = shop
            initialize(http)
            assert simulator.mock.deliver_due() == 1

        ((body, signature),) = shop.taken
        assert signature == sign(paystack_key(settings), body)

    def test_go_to_the_process_that_delivers_them(self, settings: Settings) -> None:
        with running(settings) as ended, calling(ended, settings) as http:
            initialize(http)
        shop = FakeShop()

        with running(settings) as simulator:
            simulator.shop = shop
            simulator.mock.deliver_due()

        assert len(shop.taken) == 1

    def test_wait_for_a_process_with_a_shop(self, settings: Settings) -> None:
        with running(settings) as simulator, calling(simulator, settings) as http:
            initialize(http)
            simulator.mock.deliver_due()

            assert http.post("/payments/webhook").status_code == 404


class TestStop:
    def test_closes_the_port(self, settings: Settings) -> None:
        with running(settings) as simulator, calling(simulator, settings) as http:
            initialize(http)

        address = httpx.URL(simulator.url)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address.host, address.port or 0), timeout=WAIT)

    def test_closes_it_without_a_start_too(self, settings: Settings) -> None:
        simulator = Simulator(settings)

        simulator.stop()

        address = httpx.URL(simulator.url)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address.host, address.port or 0), timeout=WAIT)
