"""Calls of one kind do not keep calls of another from their place."""

import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from app.http.concurrency_limit import (
    CHANGES_AT_ONCE,
    PASSWORDS_AT_ONCE,
    ConcurrencyLimit,
)
from app.wiring.adapters import Adapters
from tests.api.conftest import Person
from tests.programs.in_process import InProcess
from tests.steps.door import Door
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeHasher
from tests.support.racing import until


class SlowHasher(FakeHasher):
    """Verifies when it is told to."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self._lock = threading.Lock()
        self._inside = 0
        self.most_inside = 0

    @property
    def inside(self) -> int:
        return self._inside

    def verify(self, password: str, hashed: str | None) -> bool:
        with self._lock:
            self._inside += 1
            self.most_inside = max(self.most_inside, self._inside)
        try:
            assert self.may_go_on.wait(30)
            return super().verify(password, hashed)
        finally:
            with self._lock:
                self._inside -= 1


class TestLogIn:
    """Attempts to log in that wait take no thread from the door and from sales."""

    @pytest.fixture
    def hasher(self) -> SlowHasher:
        return SlowHasher()

    @pytest.fixture
    def outside(self, outside: Adapters, hasher: SlowHasher) -> Adapters:
        return replace(outside, hasher=hasher)

    def test_waits_outside_the_threads(
        self, app: FastAPI, hasher: SlowHasher, make: Factory
    ) -> None:
        event_id = make.event().id
        waiting = 20
        with calls_of(app, "198.51.100.7") as api, ThreadPoolExecutor(waiting) as callers:
            attempts = [callers.submit(log_in, api) for _ in range(waiting)]
            limit: ConcurrencyLimit = app.state.limits.passwords
            until(lambda: limit.waiting == waiting - PASSWORDS_AT_ONCE)
            until(lambda: hasher.inside == PASSWORDS_AT_ONCE)

            shown = api.get(f"/events/{event_id}")
            held = hasher.inside
            hasher.may_go_on.set()
            answers = {attempt.result(timeout=30).status_code for attempt in attempts}

        assert shown.status_code == 200
        assert (held, hasher.most_inside) == (PASSWORDS_AT_ONCE, PASSWORDS_AT_ONCE)
        assert answers <= {401, 429}

    def test_tells_when_to_come_back_if_too_many_wait(
        self, app: FastAPI, hasher: SlowHasher
    ) -> None:
        limit = ConcurrencyLimit(
            at_once=1, within=timedelta(seconds=30), most_waiting=2, most_of_one=1
        )
        app.state.limits.passwords = limit
        with (
            calls_of(app, "198.51.100.7") as eve,
            calls_of(app, "203.0.113.7") as ada,
            ThreadPoolExecutor(3) as callers,
        ):
            inside = callers.submit(log_in, eve)
            until(lambda: hasher.inside == 1)
            waits = callers.submit(log_in, eve)
            until(lambda: limit.waiting == 1)

            refused = log_in(eve)
            of_another = callers.submit(log_in, ada)
            until(lambda: limit.waiting == 2)
            hasher.may_go_on.set()

            assert (refused.status_code, refused.json()["code"]) == (503, "busy")
            assert int(refused.headers["retry-after"]) > 0
            answers = [call.result(timeout=30).status_code for call in (inside, waits, of_another)]
            assert answers == [401, 401, 401]


def calls_of(app: FastAPI, address: str) -> httpx.Client:
    """A client that calls from this address."""
    transport = InProcess(app, client=(address, 1))
    return httpx.Client(transport=transport, base_url="https://shop.test", timeout=40)


def log_in(api: httpx.Client) -> httpx.Response:
    return api.post("/token", data={"username": "nobody", "password": "wrong"})


class TestCalls:
    def test_that_wait_for_the_provider_keep_nobody_from_their_turn(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        event_id = make.event().id
        callers = CHANGES_AT_ONCE + 2
        all_inside = threading.Barrier(callers)

        def wait_for_the_others() -> None:
            all_inside.wait(timeout=10)

        gateway.before_start = wait_for_the_others

        with ThreadPoolExecutor(callers) as threads:
            calls = [
                threads.submit(
                    api.post, "/payments/pay", json={"event_id": event_id}, headers=ada.headers
                )
                for _ in range(callers)
            ]
            answers = [call.result(timeout=30).status_code for call in calls]

        assert answers == [200] * callers


@asynccontextmanager
async def all_places(limit: ConcurrencyLimit, places: int) -> AsyncIterator[None]:
    """Every place is taken for the length of the block."""
    async with AsyncExitStack() as taken:
        for _ in range(places):
            await taken.enter_async_context(limit.place("somebody else"))
        yield


class TestScan:
    def test_waits_for_no_buyer(
        self, app: FastAPI, door: Door, ada: Person, organizer: Person
    ) -> None:
        limit: ConcurrencyLimit = app.state.limits.changes
        scan = {"code": door.code(door.ticket()), "scan_id": "one"}
        wanted = {"event_id": door.event_id}
        with (
            calls_of(app, "198.51.100.7") as shop,
            start_blocking_portal() as portal,
            ThreadPoolExecutor() as people,
        ):
            with portal.wrap_async_context_manager(all_places(limit, CHANGES_AT_ONCE)):
                buying = [
                    people.submit(shop.post, "/orders/", json=wanted, headers=ada.headers)
                    for _ in range(3)
                ]
                until(lambda: limit.waiting == 3)
                scanned = shop.post(
                    f"/events/{door.event_id}/check-ins", json=scan, headers=organizer.headers
                )
                still_waiting = limit.waiting
            placed = [order.result(timeout=30).status_code for order in buying]

        assert scanned.json()["verdict"] == "accepted"
        assert (still_waiting, placed) == (3, [201] * 3)


class TestRead:
    def test_waits_for_no_place(self, app: FastAPI, ada: Person) -> None:
        limit: ConcurrencyLimit = app.state.limits.changes
        with (
            calls_of(app, "198.51.100.7") as shop,
            start_blocking_portal() as portal,
            portal.wrap_async_context_manager(all_places(limit, CHANGES_AT_ONCE)),
        ):
            answers = [
                shop.get(path, headers=ada.headers).status_code
                for path in ("/events/", "/users/me")
            ]

        assert answers == [200, 200]
