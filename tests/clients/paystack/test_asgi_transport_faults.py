import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from structlog.testing import capture_logs

from app.clients.paystack.asgi_transport import AsgiTransport
from tests.clients.conftest import (
    WAIT,
    Message,
    OpenClient,
    Receive,
    Send,
    answer_end,
    answer_start,
    echo,
)


class TestFaults:
    def test_of_time_cancel_the_app(self, open_client: OpenClient) -> None:
        cancelled = threading.Event()

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            try:
                await asyncio.sleep(WAIT)
            except asyncio.CancelledError:
                cancelled.set()
                raise

        client = open_client(app)
        started = time.monotonic()

        with pytest.raises(httpx.ReadTimeout):
            client.get("/", timeout=0.05)

        assert cancelled.wait(WAIT)
        assert time.monotonic() - started < WAIT / 2

    def test_before_the_answer_break_the_connection(self, open_client: OpenClient) -> None:
        async def app(scope: Message, receive: Receive, send: Send) -> None:
            raise RuntimeError("broken on purpose")

        client = open_client(app)

        with capture_logs() as events, pytest.raises(httpx.RemoteProtocolError):
            client.get("/")

        assert events[0]["event"] == "app_failed"

    @pytest.mark.parametrize(
        ("announced", "sent", "more"),
        [("10", b"short", False), ("4", b"too long", False), ("10", b"unfinished", True)],
    )
    def test_in_the_body_break_the_connection(
        self,
        open_client: OpenClient,
        announced: str,
        sent: bytes,
        *,
        more: bool,
    ) -> None:
        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await answer_start(send, content_length=announced)
            await answer_end(send, sent, more=more)

        client = open_client(app)

        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/")

    def test_after_the_start_break_the_connection(self, open_client: OpenClient) -> None:
        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await answer_start(send)
            raise RuntimeError("broken on purpose")

        client = open_client(app)

        with capture_logs(), pytest.raises(httpx.RemoteProtocolError):
            client.get("/")

    def test_of_an_app_that_says_nothing_break_the_connection(
        self, open_client: OpenClient
    ) -> None:
        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await receive()

        client = open_client(app)

        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/")

    def test_in_the_order_of_messages_break_the_connection(self, open_client: OpenClient) -> None:
        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await answer_end(send, b"no status")

        client = open_client(app)

        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/")


class TestClose:
    def test_refuses_requests_from_then_on(self) -> None:
        transport = AsgiTransport(echo)
        transport.handle_request(httpx.Request("GET", "http://mock.example/"))

        transport.close()
        transport.close()

        with pytest.raises(httpx.ConnectError):
            transport.handle_request(httpx.Request("GET", "http://mock.example/"))

    def test_breaks_off_what_is_running(self) -> None:
        is_running = threading.Event()

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            is_running.set()
            await asyncio.sleep(WAIT)

        transport = AsgiTransport(app)

        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(
                transport.handle_request, httpx.Request("GET", "http://mock.example/")
            )
            assert is_running.wait(WAIT)
            transport.close()

        with pytest.raises(httpx.RemoteProtocolError):
            call.result()

    def test_leaves_no_thread_behind(self) -> None:
        before = set(threading.enumerate())
        transport = AsgiTransport(echo)
        transport.handle_request(httpx.Request("GET", "http://mock.example/"))

        transport.close()

        assert set(threading.enumerate()) == before

    def test_strands_no_caller_that_comes_at_that_moment(self) -> None:
        for _ in range(30):
            transport = AsgiTransport(echo)

            def call(transport: AsgiTransport = transport) -> int:
                try:
                    request = httpx.Request("GET", "http://mock.example/")
                    return transport.handle_request(request).status_code
                except (httpx.ConnectError, httpx.RemoteProtocolError):
                    return 0

            with ThreadPoolExecutor(8) as pool:
                calls = [pool.submit(call) for _ in range(40)]
                transport.close()

            assert {call.result(timeout=WAIT) for call in calls} <= {0, 201}
