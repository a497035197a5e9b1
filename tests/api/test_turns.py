import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import anyio
import httpx
import pytest

from app.domain.errors import Busy
from app.factory import CHANGES_AT_ONCE
from app.routers.turns import Turns
from tests.api.conftest import Person
from tests.factories import Factory
from tests.fakes import FakeGateway


class TestOne:
    def test_lets_so_many_in_at_a_time_in_the_order_they_came(self) -> None:
        turns = Turns(at_once=2, within=timedelta(seconds=20))
        came: list[int] = []
        inside = most = 0

        async def call(number: int) -> None:
            nonlocal inside, most
            async with turns.one():
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
        turns = Turns(at_once=1, within=timedelta(milliseconds=1))

        async def wait_in_vain() -> None:
            async with turns.one():
                with pytest.raises(Busy):
                    async with turns.one():
                        pass
            async with turns.one():
                pass

        anyio.run(wait_in_vain)


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
