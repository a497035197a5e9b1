"""Events that last whole days are sold and admitted until their last day is over."""

from datetime import timedelta

import httpx
import pytest

from app.domain.errors import EventNotReady, SalesClosed
from app.domain.ids import EventId
from app.http.services import Services
from tests.api.conftest import EVENT, Person
from tests.steps.door import Door
from tests.support.factories import Factory
from tests.support.fakes import FakeClock

DAYS = {**EVENT, "all_day": True, "date": "2027-03-10", "ends_at": "2027-03-12"}
"""In Lagos, from 9 March at 23:00 to 11 March at 23:00 in UTC."""


class TestSales:
    def test_end_with_the_last_day(
        self,
        api: httpx.Client,
        organizer: Person,
        make: Factory,
        clock: FakeClock,
    ) -> None:
        api.post("/events/", json=DAYS, headers=organizer.headers)
        clock.advance(timedelta(days=10, hours=10, minutes=59))  # 11 March, 22:59 UTC

        make.order(make.user(), EventId(1))
        assert "<select" in api.get("/e/1-lagos-jazz-night").text
        clock.advance(timedelta(minutes=1))
        with pytest.raises(SalesClosed):
            make.order(make.user(), EventId(1))

    def test_end_when_the_ticket_type_says_so(
        self, api: httpx.Client, organizer: Person, make: Factory, clock: FakeClock
    ) -> None:
        early = {"name": "Early", "ticket_price": 100, "sales_close_at": "2027-03-10T00:00:00"}
        api.post("/events/", json={**DAYS, "ticket_types": [early]}, headers=organizer.headers)
        clock.advance(timedelta(days=8, hours=11))

        with pytest.raises(SalesClosed):
            make.order(make.user(), EventId(1))

    def test_of_a_draft_can_begin_on_its_days(
        self, api: httpx.Client, organizer: Person, services: Services, clock: FakeClock
    ) -> None:
        for _ in range(2):
            api.post("/events/", json={**DAYS, "draft": True}, headers=organizer.headers)

        clock.advance(timedelta(days=9))
        published = services.event_life.publish(event_id=EventId(1), organizer=organizer.user)
        clock.advance(timedelta(days=2))

        assert not published.is_draft
        with pytest.raises(EventNotReady):
            services.event_life.publish(event_id=EventId(2), organizer=organizer.user)


class TestWaitingList:
    def test_goes_on_until_the_last_day_is_over(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        begin = clock.now() + timedelta(days=1, hours=11)
        event = make.event(
            starts_at=begin, ends_at=begin + timedelta(days=1), all_day=True, capacity=1
        )
        make.buy(make.user(), event.id)
        waiter = make.user()
        services.waiting.join(
            user=waiter,
            event_id=event.id,
            ticket_type_id=event.ticket_types[0].id,
            quantity=1,
        )

        clock.advance(timedelta(days=2))
        make.work()
        (waiting,) = services.waiting.mine(user=waiter)
        clock.advance(timedelta(hours=11))
        make.work()
        (ended,) = services.waiting.mine(user=waiter)

        assert waiting.entry.state == "waiting"
        assert ended.entry.ended_because == "sale-over"


class TestDoor:
    def test_admits_until_the_last_day_is_over(
        self,
        api: httpx.Client,
        organizer: Person,
        services: Services,
        make: Factory,
        clock: FakeClock,
    ) -> None:
        api.post("/events/", json=DAYS, headers=organizer.headers)
        door = Door(services, make, EventId(1), organizer.user)
        codes = [door.code(ticket) for ticket in door.tickets(2)]

        clock.advance(timedelta(days=10, hours=10))
        first = door.scan(codes[0])
        clock.advance(timedelta(hours=2))
        second = door.scan(codes[1])

        assert first.check_in.verdict == "accepted"
        assert second.check_in.reason == "too-late"
