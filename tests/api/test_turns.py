from datetime import timedelta

import anyio
import pytest

from app.domain.errors import Busy
from app.routers.turns import Turns


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
