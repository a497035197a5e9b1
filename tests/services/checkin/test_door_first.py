"""Who stands at a door does not wait for a sale."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.http.services import Services
from app.repositories.database import Database
from tests.steps.door import open_door
from tests.support.factories import Factory
from tests.support.racing import until


@pytest.mark.usefixtures("audited")
class TestScan:
    def test_writes_before_buyers_who_came_earlier(
        self,
        services: Services,
        make: Factory,
        database: Database,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        door = open_door(services, make)
        code, fans = door.code(door.ticket()), [make.user() for _ in range(3)]
        turns = database._turns
        enter, went_in = turns.enter, list[bool]()

        def noted(*, within: float, urgent: bool = False) -> bool:
            is_in = enter(within=within, urgent=urgent)
            went_in.append(urgent)
            return is_in

        places = 0
        while enter(within=0):
            places += 1
        monkeypatch.setattr(turns, "enter", noted)
        with ThreadPoolExecutor() as people:
            buying = [people.submit(make.order, fan, door.event_id) for fan in fans]
            until(lambda: turns._others.waiting == len(fans))
            scanning = people.submit(door.scan, code)
            until(lambda: turns._urgent.waiting == 1)
            turns.leave()  # one place, for whoever may go first
            assert scanning.result().check_in.reason == "admitted"
            assert all(order.result().id for order in buying)
        for _ in range(places - 1):
            turns.leave()

        assert went_in == [True, False, False, False]
