"""Who is given a place, and when."""

from datetime import timedelta

import anyio
import pytest

from app.domain.errors import Busy
from app.http.concurrency_limit import (
    ConcurrencyLimit,
)


class TestPlace:
    def test_lets_so_many_in_at_a_time_in_the_order_they_came(self) -> None:
        limit = ConcurrencyLimit(at_once=2, within=timedelta(seconds=20))
        came: list[int] = []
        inside = most = 0

        async def call(number: int) -> None:
            nonlocal inside, most
            async with limit.place():
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
        limit = ConcurrencyLimit(at_once=1, within=timedelta(milliseconds=1))

        async def wait_in_vain() -> None:
            async with limit.place():
                with pytest.raises(Busy):
                    async with limit.place():
                        pass
            async with limit.place():
                pass

        anyio.run(wait_in_vain)

    def test_serves_callers_in_turn_however_many_calls_one_makes(self) -> None:
        limit = ConcurrencyLimit(at_once=1, within=timedelta(seconds=20))
        served: list[str] = []

        async def call(caller: str) -> None:
            async with limit.place(caller):
                served.append(caller)

        async def rush() -> None:
            async with anyio.create_task_group() as calls, limit.place("eve"):
                for caller in ["eve"] * 50 + ["ada", "bola", "ada"]:
                    calls.start_soon(call, caller)
                await until_waiting(limit, 53)

        anyio.run(rush)

        assert served[:6] == ["eve", "ada", "bola", "eve", "ada", "eve"]
        assert len(served) == 53

    def test_refuses_more_than_may_wait(self) -> None:
        limit = ConcurrencyLimit(
            at_once=1, within=timedelta(seconds=20), most_waiting=3, most_of_one=2
        )
        refused: list[str] = []

        async def call(caller: str) -> None:
            try:
                async with limit.place(caller):
                    pass
            except Busy:
                refused.append(caller)

        async def rush() -> None:
            async with anyio.create_task_group() as calls, limit.place("eve"):
                for caller in ["eve", "eve", "eve", "ada", "bola"]:
                    calls.start_soon(call, caller)
                await until_waiting(limit, 3)
                await anyio.wait_all_tasks_blocked()

        anyio.run(rush)

        assert refused == ["eve", "bola"]

    def test_has_no_limit_for_one_of_those_it_does_not_know(self) -> None:
        limit = ConcurrencyLimit(at_once=1, within=timedelta(seconds=20), most_of_one=1)

        async def call() -> None:
            async with limit.place(""):
                pass

        async def rush() -> None:
            async with anyio.create_task_group() as calls, limit.place(""):
                for _ in range(5):
                    calls.start_soon(call)
                await until_waiting(limit, 5)

        anyio.run(rush)

        assert limit.waiting == 0

    def test_forgets_a_call_that_is_given_up(self) -> None:
        limit = ConcurrencyLimit(at_once=1, within=timedelta(seconds=20))

        async def call() -> None:
            async with limit.place("ada"):
                pass

        async def rush() -> None:
            async with limit.place("eve"):
                async with anyio.create_task_group() as calls:
                    calls.start_soon(call)
                    await until_waiting(limit, 1)
                    calls.cancel_scope.cancel()
                assert limit.waiting == 0
            async with limit.place("bola"):
                pass

        anyio.run(rush)

    def test_passes_on_a_place_that_was_given_to_a_call_that_is_given_up(self) -> None:
        limit = ConcurrencyLimit(at_once=1, within=timedelta(seconds=20))

        async def call(caller: str) -> None:
            async with limit.place(caller):
                pass

        async def rush() -> None:
            async with anyio.create_task_group() as calls:
                async with limit.place("eve"):
                    calls.start_soon(call, "ada")
                    await until_waiting(limit, 1)
                # The place is Ada's now, and she has not run since.
                calls.cancel_scope.cancel()
            async with limit.place("bola"):
                pass

        anyio.run(rush)


async def until_waiting(limit: ConcurrencyLimit, calls: int) -> None:
    with anyio.fail_after(20):
        while limit.waiting != calls:
            await anyio.sleep(0)
