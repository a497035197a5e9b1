"""Moments that depend on when an event takes place: they move with it, or the move is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import EventValueInvalid
from app.domain.events.changes import TicketTypeChanges
from app.domain.listings import EventListing
from app.domain.states import DiscountKind, OrderStatus
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.steps.door import open_door
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock
from tests.support.news import Edits

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STARTS_AT = START + 10 * DAY
Moments = tuple[datetime | None, datetime | None]


def pointer_of(refused: pytest.ExceptionInfo[Any]) -> str:
    errors = refused.value.facts["errors"]
    return str(errors[0]["pointer"])


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user()


@pytest.fixture
def concert(make: Factory, organizer: User) -> EventListing:
    """In ten days; doors an hour before; one type sold from tomorrow on, until a day before."""
    early = NewTicketType(
        name="Early",
        price=Decimal(0),
        sales_open_at=START + DAY,
        sales_close_at=STARTS_AT - DAY,
    )
    return make.event(
        organizer=organizer,
        starts_at=STARTS_AT,
        doors_open_at=STARTS_AT - HOUR,
        ends_at=STARTS_AT + 3 * HOUR,
        ticket_types=[early, NewTicketType(name="Late", price=Decimal(0))],
    )


@pytest.fixture
def edit(services: Services, organizer: User, concert: EventListing) -> Edits:
    return Edits(services, organizer, concert.id)


@pytest.fixture
def windows(services: Services, concert: EventListing) -> Callable[[], list[Moments]]:
    """The sale windows of the concert's types."""

    def read() -> list[Moments]:
        types = services.events.get(concert.id).ticket_types
        return [(t.sales_open_at, t.sales_close_at) for t in types]

    return read


class TestMove:
    @pytest.mark.parametrize("shift", [5 * DAY, -8 * DAY])
    def test_takes_doors_end_and_sale_windows_along(
        self,
        services: Services,
        concert: EventListing,
        edit: Edits,
        windows: Callable[[], list[Moments]],
        shift: timedelta,
    ) -> None:
        edit(starts_at=STARTS_AT + shift)

        moved = services.events.get(concert.id)
        assert moved.doors_open_at == STARTS_AT + shift - HOUR
        assert moved.ends_at == STARTS_AT + shift + 3 * HOUR
        assert windows() == [
            (START + DAY + shift, STARTS_AT - DAY + shift),
            (None, None),
        ]

    def test_leaves_what_is_named_where_it_was_put(
        self, services: Services, concert: EventListing, edit: Edits
    ) -> None:
        doors = STARTS_AT + 5 * DAY - 2 * HOUR

        edit(starts_at=STARTS_AT + 5 * DAY, doors_open_at=doors, ends_at=None)

        moved = services.events.get(concert.id)
        assert (moved.doors_open_at, moved.ends_at) == (doors, None)

    def test_neither_closes_a_sale_that_has_opened_nor_opens_one_that_has_closed(
        self, clock: FakeClock, edit: Edits, windows: Callable[[], list[Moments]]
    ) -> None:
        before = windows()
        clock.advance(9 * DAY)

        edit(starts_at=STARTS_AT + 30 * DAY)

        assert windows() == before

    def test_takes_windows_of_promo_codes_along(
        self, services: Services, organizer: User, concert: EventListing, edit: Edits
    ) -> None:
        services.promo_codes.create(
            event_id=concert.id,
            organizer=organizer,
            new=NewPromoCode(
                code="LASTWEEK",
                kind=DiscountKind.PERCENT,
                value=Decimal(10),
                valid_from=START,
                valid_until=STARTS_AT,
            ),
        )

        edit(starts_at=STARTS_AT + DAY)

        code: PromoCode
        (code,) = services.promo_codes.all_of(event_id=concert.id, organizer=organizer)
        assert (code.valid_from, code.valid_until) == (START, STARTS_AT + DAY)

    def test_closes_no_sale_by_moving_its_end_into_the_past(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        concert: EventListing,
        edit: Edits,
        windows: Callable[[], list[Moments]],
    ) -> None:
        clock.advance(4 * DAY)
        sooner = STARTS_AT - 5.5 * DAY

        edit(starts_at=sooner)

        assert windows()[0] == (START + DAY, sooner)
        assert make.order(make.user(), concert.id).status == OrderStatus.PAID

    def test_is_refused_if_sales_would_close_before_they_open(
        self, clock: FakeClock, edit: Edits, windows: Callable[[], list[Moments]]
    ) -> None:
        before = windows()
        clock.advance(DAY + HOUR)

        with pytest.raises(EventValueInvalid, match="Early") as refused:
            edit(starts_at=STARTS_AT - 8 * DAY)

        assert pointer_of(refused) == "/date"
        assert windows() == before

    def test_lets_people_in_at_the_new_time(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        door = open_door(services, make, starts_at=STARTS_AT, doors_open_at=STARTS_AT - HOUR)
        ticket = door.ticket()
        Edits(services, door.organizer, door.event_id)(starts_at=STARTS_AT - 9 * DAY)

        clock.advance(DAY - HOUR)

        assert door.scan(door.code(ticket)).check_in.reason == "admitted"

    def test_is_no_move_if_all_is_sent_back_as_it_is(
        self, services: Services, clock: FakeClock, concert: EventListing, edit: Edits
    ) -> None:
        clock.advance(10 * DAY)

        edit(
            starts_at=concert.starts_at,
            ends_at=concert.ends_at,
            doors_open_at=concert.doors_open_at,
            title="Another title",
        )

        assert services.events.get(concert.id).title == "Another title"


class TestDoors:
    def test_do_not_open_after_the_start_of_an_event_that_lies_ahead(
        self, make: Factory, edit: Edits
    ) -> None:
        late = STARTS_AT + timedelta(seconds=1)

        with pytest.raises(EventValueInvalid) as refused:
            edit(doors_open_at=late)
        with pytest.raises(EventValueInvalid):
            make.event(starts_at=STARTS_AT, doors_open_at=late)

        assert pointer_of(refused) == "/doors_open_at"


class TestSaleWindows:
    @pytest.mark.parametrize(
        ("field", "moment"),
        [
            ("sales_close_at", STARTS_AT + 3 * HOUR + timedelta(seconds=1)),
            ("sales_open_at", STARTS_AT + 3 * HOUR),
        ],
    )
    def test_do_not_reach_beyond_the_end(
        self,
        services: Services,
        organizer: User,
        concert: EventListing,
        field: str,
        moment: datetime,
    ) -> None:
        window: Any = {field: moment}
        with pytest.raises(EventValueInvalid) as refused:
            services.ticket_types.add(
                event_id=concert.id,
                organizer=organizer,
                new=NewTicketType(name="X", price=Decimal(0), **window),
            )
        with pytest.raises(EventValueInvalid):
            services.ticket_types.edit(
                event_id=concert.id,
                ticket_type_id=concert.ticket_types[1].id,
                organizer=organizer,
                changes=TicketTypeChanges(**window),
            )

        assert pointer_of(refused) == f"/{field}"

    def test_may_last_until_the_end(
        self, services: Services, organizer: User, concert: EventListing
    ) -> None:
        services.ticket_types.edit(
            event_id=concert.id,
            ticket_type_id=concert.ticket_types[1].id,
            organizer=organizer,
            changes=TicketTypeChanges(sales_close_at=STARTS_AT + 3 * HOUR),
        )

    def test_keep_the_end_behind_them(
        self, services: Services, organizer: User, concert: EventListing, edit: Edits
    ) -> None:
        self.test_may_last_until_the_end(services, organizer, concert)

        with pytest.raises(EventValueInvalid, match="Late") as refused:
            edit(ends_at=STARTS_AT + 2 * HOUR)

        assert pointer_of(refused) == "/ends_at"
