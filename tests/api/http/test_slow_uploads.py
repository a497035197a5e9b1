"""Uploads that come slowly, over real sockets: they take no place from others for long."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fastapi import FastAPI

from app.http.concurrency_limit import UPLOADS_AT_ONCE, UPLOADS_AT_ONCE_OF_ONE, ConcurrencyLimit
from app.http.protocol import TimedProtocol
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.conftest import Person, one_database
from tests.programs.apps import app_of, parts_of
from tests.programs.sockets import PATIENCE, rest_of, serving
from tests.support.factories import Factory
from tests.support.pictures import photo
from tests.support.racing import until

BEGIN = b'--cut\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
FILE = photo(300, 300)
CALL_LIMIT = timedelta(seconds=2)
END = b"\r\n--cut--\r\n"


@dataclass(frozen=True)
class Line:
    """A way to the shop on which pictures of an event are sent by hand."""

    connect: Callable[[], socket.socket]
    path: str
    headers: dict[str, str]
    sockets: ExitStack

    def begin(self, network: int, *, file: bytes = FILE) -> socket.socket:
        """Send the headers of an upload and the beginning of its body."""
        headers = {
            "Host": "shop.test",
            "X-Forwarded-For": f"198.51.{network}.7",
            "Content-Type": "multipart/form-data; boundary=cut",
            "Content-Length": str(len(BEGIN) + len(file) + len(END)),
            **self.headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        connection = self.sockets.enter_context(self.connect())
        connection.sendall(f"PUT {self.path} HTTP/1.1\r\n{head}\r\n".encode() + BEGIN)
        return connection

    def send(self, network: int) -> bytes:
        """Send a whole upload; the status line of its answer."""
        connection = self.begin(network)
        connection.sendall(FILE + END)
        return connection.recv(100).split(b"\r\n")[0]


@pytest.fixture
def grace() -> timedelta:
    """How far behind uploads may fall: longer than any test."""
    return timedelta(minutes=5)


@pytest.fixture
def shop(services: Services, outside: Adapters, grace: timedelta) -> FastAPI:
    """Behind a proxy that tells from which network a call comes."""
    return app_of(
        replace(
            parts_of(services, outside),
            upload_grace=grace,
            call_limit=CALL_LIMIT,
            trusted_proxies=1,
            place_within=timedelta(seconds=PATIENCE),
        )
    )


@pytest.fixture
def line(shop: FastAPI, make: Factory, organizer: Person) -> Iterator[Line]:
    path = f"/events/{make.event(organizer=organizer.user).id}/image"
    with serving(shop, TimedProtocol) as connect, ExitStack() as sockets:
        yield Line(connect, path, organizer.headers, sockets)


@one_database
class TestOneNetwork:
    def test_leaves_places_to_others(self, shop: FastAPI, line: Line) -> None:
        limit: ConcurrencyLimit = shop.state.limits.uploads
        for _ in range(UPLOADS_AT_ONCE_OF_ONE + 1):
            line.begin(1)
        until(lambda: limit.waiting == 1)

        assert line.send(2) == b"HTTP/1.1 200 OK"

        assert limit.waiting == 1

    def test_would_take_all_places_without_its_limit(self, shop: FastAPI, line: Line) -> None:
        unfair = ConcurrencyLimit(at_once=UPLOADS_AT_ONCE, within=timedelta(seconds=1))
        shop.state.limits.uploads = unfair
        for _ in range(UPLOADS_AT_ONCE + 1):
            line.begin(1)
        until(lambda: unfair.waiting == 1)

        assert line.send(2) == b"HTTP/1.1 503 Service Unavailable"


@one_database
class TestTooSlow:
    @pytest.fixture
    def grace(self) -> timedelta:
        return timedelta(seconds=1)

    def test_is_told_so_and_gives_its_place_to_who_waits(self, shop: FastAPI, line: Line) -> None:
        limit: ConcurrencyLimit = shop.state.limits.uploads
        slow = [line.begin(number % 4) for number in range(UPLOADS_AT_ONCE)]
        with ThreadPoolExecutor(1) as other:
            answer = other.submit(line.send, 5)
            until(lambda: limit.waiting == 1 or answer.done())

            assert answer.result(PATIENCE) == b"HTTP/1.1 200 OK"

        for connection in slow:
            head, _, body = rest_of(connection).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 Request Timeout")
            refusal = json.loads(body)
            assert (refusal["code"], refusal["slowest"]) == ("upload-too-slow", 65_536)

    def test_may_trickle_no_longer(self, line: Line) -> None:
        connection = line.begin(1, file=b"x" * 1_000_000)
        connection.settimeout(0.05)
        for _ in range(int(PATIENCE / 0.05)):
            try:
                connection.sendall(b"x")
                answer = connection.recv(1000)
                break
            except TimeoutError:
                continue
        else:
            pytest.fail("it may still trickle")

        assert answer.startswith(b"HTTP/1.1 408 ")


@one_database
class TestSlowButSteady:
    def test_is_served(self, line: Line) -> None:
        connection = line.begin(1)
        body = FILE + END
        for start in range(0, len(body), 500):
            connection.sendall(body[start : start + 500])

        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.postgresql
class TestLongerThanACall:
    def test_still_finds_the_database(self, line: Line) -> None:
        connection = line.begin(1)
        time.sleep(CALL_LIMIT.total_seconds())  # the sender's network is slow
        connection.sendall(FILE + END)

        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
