from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import (
    CapacityTooSmall,
    EventHasOrders,
    EventInPast,
    EventNotFound,
    EventValueInvalid,
    NotLoggedIn,
    PriceNotPayable,
    RoleMissing,
    SalesClosed,
    SoldOut,
)
from app.domain.events.changes import EventChanges
from app.domain.events.lists import EventFilter
from app.domain.paging import EventSort
from app.domain.states import Role
from app.http.services import Services
from app.services.events.creators import EventCreators
from app.services.events.events import EventService
from app.services.events.new_events import NewEvent
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock


def new_event(**values: Any) -> NewEvent:
    return NewEvent(
        **{
            "title": "Lagos Jazz Night",
            "starts_at": START + timedelta(days=30),
            "location": "Freedom Park",
            "price": Decimal(2500),
            "time_zone": "Africa/Lagos",
            "currency": "NGN",
            **values,
        }
    )


@pytest.fixture
def strict_events(services: Services) -> EventService:
    """As in production, where only organizers create events."""
    return replace(services.events, creators=EventCreators(anyone=False, confirmed=False))


class TestCreate:
    def test_puts_every_place_on_sale(self, services: Services) -> None:
        event = services.events.create(organizer=None, new=new_event(capacity=7))

        assert services.events.get(event.id).places_left == 7

    def test_needs_an_organizer_in_production(
        self, strict_events: EventService, make: Factory
    ) -> None:
        with pytest.raises(NotLoggedIn):
            strict_events.create(organizer=None, new=new_event())
        with pytest.raises(RoleMissing):
            strict_events.create(organizer=make.user(), new=new_event())

    @pytest.mark.parametrize("role", [Role.ORGANIZER, Role.ADMIN])
    def test_names_its_organizer(
        self, strict_events: EventService, make: Factory, role: Role
    ) -> None:
        organizer = make.user(role=role)

        event = strict_events.create(organizer=organizer, new=new_event())

        assert event.created_by == organizer.id

    @pytest.mark.parametrize("starts_at", [START, START - timedelta(days=1)])
    def test_refuses_a_start_that_does_not_lie_ahead(
        self, services: Services, starts_at: Any
    ) -> None:
        with pytest.raises(EventInPast):
            services.events.create(organizer=None, new=new_event(starts_at=starts_at))

    def test_refuses_an_end_before_the_start(self, services: Services) -> None:
        starts_at = START + timedelta(days=30)

        with pytest.raises(EventValueInvalid):
            services.events.create(
                organizer=None, new=new_event(starts_at=starts_at, ends_at=starts_at)
            )

    @pytest.mark.parametrize("price", ["0.01", "49.99", "10000000.01"])
    def test_refuses_a_price_the_provider_does_not_charge(
        self, services: Services, price: str
    ) -> None:
        with pytest.raises(PriceNotPayable):
            services.events.create(organizer=None, new=new_event(price=Decimal(price)))


class TestEdit:
    def edit(self, services: Services, event_id: Any, organizer: Any, **values: Any) -> Any:
        return services.events.edit(
            event_id=event_id, organizer=organizer, changes=EventChanges(**values)
        )

    def test_leaves_orders_at_the_price_they_were_placed_at(
        self, services: Services, make: Factory
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(price="2500", organizer=organizer)
        before = make.pay(make.user(), event.id)

        self.edit(services, event.id, organizer, price=Decimal(3000))
        after = make.pay(make.user(), event.id)

        settled = services.settlement.settle(before.payment.reference)
        assert settled.payment.amount_minor == 250_000
        assert after.payment.amount_minor == 300_000
        assert len(settled.tickets) == 1

    def test_closes_sales_at_the_new_start(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)

        self.edit(services, event.id, organizer, starts_at=clock.now() + timedelta(hours=1))

        make.pay(make.user(), event.id)
        clock.advance(timedelta(hours=1))
        with pytest.raises(SalesClosed):
            make.pay(make.user(), event.id)

    def test_keeps_the_capacity_above_places_sold_or_held(
        self, services: Services, make: Factory
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(capacity=5, organizer=organizer)
        make.buy(make.user(), event.id)
        make.pay(make.user(), event.id)

        with pytest.raises(CapacityTooSmall):
            self.edit(services, event.id, organizer, capacity=1)
        self.edit(services, event.id, organizer, capacity=2)

        with pytest.raises(SoldOut):
            make.pay(make.user(), event.id)

    def test_lifts_the_limit(self, services: Services, make: Factory) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(capacity=1, organizer=organizer)
        make.buy(make.user(), event.id)

        assert self.edit(services, event.id, organizer, capacity=None).places_left is None

    def test_changes_the_currency_only_while_nobody_ordered(
        self, services: Services, make: Factory
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        assert self.edit(services, event.id, organizer, currency="GHS").currency == "GHS"
        make.pay(make.user(), event.id)

        with pytest.raises(EventHasOrders):
            self.edit(services, event.id, organizer, currency="NGN")

    def test_lets_only_its_organizer_and_admins_do_it(
        self, services: Services, make: Factory
    ) -> None:
        event = make.event(organizer=make.user(role=Role.ORGANIZER))

        with pytest.raises(EventNotFound):
            self.edit(services, event.id, make.user(role=Role.ORGANIZER), title="Mine")
        edited = self.edit(services, event.id, make.user(role=Role.ADMIN), title="Ours")

        assert edited.title == "Ours"


class TestDelete:
    def test_removes_an_event_nobody_ordered(self, services: Services, make: Factory) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)

        services.events.delete(event_id=event.id, organizer=organizer)

        with pytest.raises(EventNotFound):
            services.events.get(event.id)

    def test_keeps_an_event_somebody_ordered(self, services: Services, make: Factory) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        make.pay(make.user(), event.id)

        with pytest.raises(EventHasOrders):
            services.events.delete(event_id=event.id, organizer=organizer)


class TestPage:
    @pytest.mark.parametrize("sort", ["date", "-date", "price", "-price", "title", "-title"])
    def test_meets_every_event_once_though_many_are_equal(
        self, services: Services, make: Factory, sort: str
    ) -> None:
        made = [make.event(title=title).id for title in ("B", "a", "A", "b", "ä", "B", "a")]
        met = []
        after = None
        for _ in range(4):
            page = services.events.page(EventFilter(), sort=EventSort(sort), after=after, limit=2)
            met += [event.id for event in page.items]
            after = page.next

        assert after is None
        assert sorted(met) == sorted(made)

    def test_finds_words_in_any_case_and_takes_signs_literally(
        self, services: Services, make: Factory
    ) -> None:
        wanted = make.event(title="ÖFFNUNG 100%").id
        make.event(title="Something else 1000")

        page = services.events.page(
            EventFilter(words="100% öffnung"), sort=EventSort("date"), after=None, limit=9
        )

        assert [event.id for event in page.items] == [wanted]
