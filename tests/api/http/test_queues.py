import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import anyio
import httpx
import pytest
from fastapi import FastAPI

from app.domain.errors import Busy
from app.factory import CHANGES_AT_ONCE, PASSWORDS_AT_ONCE
from app.http.calls.queues import FairQueue
from app.wiring.adapters import Adapters
from tests.api.conftest import Person
from tests.programs.in_process import InProcess
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeHasher
from tests.support.racing import until


class TestPlace:
    def test_lets_so_many_in_at_a_time_in_the_order_they_came(self) -> None:
        queue = FairQueue(at_once=2, within=timedelta(seconds=20))
        came: list[int] = []
        inside = most = 0

        async def call(number: int) -> None:
            nonlocal inside, most
            async with queue.place():
                came.append(number)
                inside += 1
                most = max(most, inside)
                await anyio.sleep(0.001)
                inside -= 1

        async def rush() -> None:
            async with anyio.create_task_group() as callers:
                for number in range(20):
                    callers.start_soon(call, number)

        anyio.run(rush)

        assert (most, came) == (2, list(range(20)))

    def test_refuses_whose_turn_does_not_come_in_time(self) -> None:
        queue = FairQueue(at_once=1, within=timedelta(milliseconds=1))

        async def wait_in_vain() -> None:
            async with queue.place():
                with pytest.raises(Busy):
                    async with queue.place():
                        pass
            async with queue.place():
                pass

        anyio.run(wait_in_vain)

    def test_serves_callers_in_turn_however_many_calls_one_makes(self) -> None:
        queue = FairQueue(at_once=1, within=timedelta(seconds=20))
        served: list[str] = []

        async def call(caller: str) -> None:
            async with queue.place(caller):
                served.append(caller)

        async def rush() -> None:
            async with anyio.create_task_group() as calls, queue.place("eve"):
                for caller in ["eve"] * 50 + ["ada", "bola", "ada"]:
                    calls.start_soon(call, caller)
                await until_waiting(queue, 53)

        anyio.run(rush)

        assert served[:6] == ["eve", "ada", "bola", "eve", "ada", "eve"]
        assert len(served) == 53

    def test_refuses_more_than_may_wait(self) -> None:
        queue = FairQueue(at_once=1, within=timedelta(seconds=20), most_waiting=3, most_of_one=2)
        refused: list[str] = []

        async def call(caller: str) -> None:
            try:
                async with queue.place(caller):
                    pass
            except Busy:
                refused.append(caller)

        async def rush() -> None:
            async with anyio.create_task_group() as calls, queue.place("eve"):
                for caller in ["eve", "eve", "eve", "ada", "bola"]:
                    calls.start_soon(call, caller)
                await until_waiting(queue, 3)
                await anyio.wait_all_tasks_blocked()

        anyio.run(rush)

        assert refused == ["eve", "bola"]

    def test_has_no_limit_for_one_of_those_it_does_not_know(self) -> None:
        queue = FairQueue(at_once=1, within=timedelta(seconds=20), most_of_one=1)

        async def call() -> None:
            async with queue.place(""):
                pass

        async def rush() -> None:
            async with anyio.create_task_group() as calls, queue.place(""):
                for _ in range(5):
                    calls.start_soon(call)
                await until_waiting(queue, 5)

        anyio.run(rush)

        assert queue.waiting == 0

    def test_forgets_a_call_that_is_given_up(self) -> None:
        queue = FairQueue(at_once=1, within=timedelta(seconds=20))

        async def call() -> None:
            async with queue.place("ada"):
                pass

        async def rush() -> None:
            async with queue.place("eve"):
                async with anyio.create_task_group() as calls:
                    calls.start_soon(call)
                    await until_waiting(queue, 1)
                    calls.cancel_scope.cancel()
                assert queue.waiting == 0
            async with queue.place("bola"):
                pass

        anyio.run(rush)

    def test_passes_on_a_place_that_was_given_to_a_call_that_is_given_up(self) -> None:
        queue = FairQueue(at_once=1, within=timedelta(seconds=20))

        async def call(caller: str) -> None:
            async with queue.place(caller):
                pass

        async def rush() -> None:
            async with anyio.create_task_group() as calls:
                async with queue.place("eve"):
                    calls.start_soon(call, "ada")
                    await until_waiting(queue, 1)
                # The place is Ada's now, and she has not run since.
                calls.cancel_scope.cancel()
            async with queue.place("bola"):
                pass

        anyio.run(rush)


async def until_waiting(queue: FairQueue, calls: int) -> None:
    with anyio.fail_after(20):
        while queue.waiting != calls:
            await anyio.sleep(0)


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
            queue: FairQueue = app.state.passwords
            until(lambda: queue.waiting == waiting - PASSWORDS_AT_ONCE)
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
        queue = FairQueue(at_once=1, within=timedelta(seconds=30), most_waiting=2, most_of_one=1)
        app.state.passwords = queue
        with (
            calls_of(app, "198.51.100.7") as eve,
            calls_of(app, "203.0.113.7") as ada,
            ThreadPoolExecutor(3) as callers,
        ):
            inside = callers.submit(log_in, eve)
            until(lambda: hasher.inside == 1)
            waits = callers.submit(log_in, eve)
            until(lambda: queue.waiting == 1)

            refused = log_in(eve)
            of_another = callers.submit(log_in, ada)
            until(lambda: queue.waiting == 2)
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
