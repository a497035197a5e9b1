"""Callers who send endlessly or slowly, or take nothing: only they lose their connection."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.http.protocol import SERVER_FLAGS, TimedProtocol
from tests.programs.servers import ROOT, running_shop
from tests.programs.sockets import PATIENCE, rest_of, serving

HEAD = b"GET / HTTP/1.1\r\nHost: shop.test\r\n"
POST = b"POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 10\r\n\r\n"
AGAIN = b"GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"

LARGE = b"x" * 50_000_000
"""More than the buffers of a connection take in."""


class Impatient(TimedProtocol):
    headers_within = body_within = taken_within = 0.3


async def reads_all(_scope: Any, receive: Any, send: Any) -> None:
    """Answers when the whole body is here."""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        if not message.get("more_body"):
            break
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


class SendsMuch:
    """Answers with more than anybody takes; ``ended`` is set when the connection is over."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
        length = str(len(LARGE)).encode()
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-length", length)],
            }
        )
        await send({"type": "http.response.body", "body": LARGE, "more_body": True})
        await send({"type": "http.response.body"})
        self.ended.set()


class TestSlowCallers:
    @pytest.mark.parametrize("sent", [b"", b"GET", HEAD, AGAIN + HEAD], ids=len)
    def test_who_do_not_finish_the_headers_are_told_so(self, sent: bytes) -> None:
        with serving(reads_all, Impatient) as connect, connect() as connection:
            connection.sendall(sent)

            assert b"HTTP/1.1 408 Request Timeout" in rest_of(connection)

    def test_who_trickle_are_cut_off(self) -> None:
        with serving(reads_all, Impatient) as connect, connect() as connection:
            connection.sendall(HEAD)
            connection.settimeout(0.05)
            received = b""
            for number in range(int(PATIENCE / 0.05)):
                try:
                    connection.sendall(f"X-{number}: 1\r\n".encode())
                    received += connection.recv(1000)
                    break
                except TimeoutError:
                    continue
                except OSError:
                    break
            else:
                pytest.fail("still connected")

    @pytest.mark.parametrize("sent", [POST, POST + b"half", AGAIN + POST + b"half"], ids=len)
    def test_who_do_not_finish_the_body_are_cut_off(self, sent: bytes) -> None:
        with serving(reads_all, Impatient) as connect, connect() as connection:
            connection.sendall(sent)

            assert rest_of(connection).count(b"HTTP/1.1") == sent.count(AGAIN)

    def test_who_announce_a_long_body_have_longer_for_it(self) -> None:
        class Patient(Impatient):
            slowest = 1

        head = POST.replace(b"10", b"%d" % PATIENCE)
        with serving(reads_all, Patient) as connect, connect() as slow, connect() as idle:
            slow.sendall(head + b"0")
            idle.sendall(HEAD)
            rest_of(idle)  # as long as that takes, a short body would have been cut off
            slow.sendall(b"0" * (int(PATIENCE) - 1))

            assert slow.recv(1000).startswith(b"HTTP/1.1 204")

    def test_who_announce_an_endless_body_have_not(self) -> None:
        class Bounded(Impatient):
            longest_more = 0.1

        with serving(reads_all, Bounded) as connect, connect() as connection:
            connection.sendall(POST.replace(b"10", b"9" * 12))

            assert rest_of(connection) == b""

    def test_who_take_nothing_are_cut_off(self) -> None:
        app = SendsMuch()
        with serving(app, Impatient) as connect, connect() as connection:
            connection.sendall(AGAIN)

            assert app.ended.wait(PATIENCE)

    def test_who_are_quick_are_not(self) -> None:
        with serving(reads_all, TimedProtocol) as connect, connect() as connection:
            for _ in range(3):
                connection.sendall(POST)
                connection.sendall(b"0123456789")
                assert connection.recv(1000).startswith(b"HTTP/1.1 204")


class TestEndlessHeaders:
    @pytest.mark.parametrize(
        "line", [b"X: " + b"a" * 100_000, b"X: 1\r\n" * 20_000], ids=["long", "many"]
    )
    @pytest.mark.slow
    def test_are_refused_by_the_shop_as_it_is_started(self, tmp_path: Path, line: bytes) -> None:
        with running_shop(tmp_path) as shop:
            with socket.create_connection(("127.0.0.1", shop.port), PATIENCE) as connection:
                with suppress(OSError):  # it may close before all was sent
                    connection.sendall(HEAD + line)

                rest_of(connection)  # ends at once
            with shop.client() as client:
                assert client.get("/health/live").status_code == 200


class TestServerFlags:
    @pytest.mark.parametrize("file", ["Makefile", "Dockerfile", "docs/operations.md"])
    def test_are_those_of_every_start(self, file: str) -> None:
        assert " ".join(SERVER_FLAGS) in (ROOT / file).read_text()
