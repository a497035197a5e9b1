"""Changes of one event that arrive together: each works on what the one before it left."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.actors import Actor
from app.domain.errors import EventValueInvalid
from app.domain.events.changes import EventChanges, TicketTypeChanges
from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.domain.states import DiscountKind
from app.http.services import Services
from app.models.events.events import Event
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.events.event_access import EventAccessRepository
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.events import EventService
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock
from tests.support.racing import ExchangedDatabase, all_wait, until

pytestmark = pytest.mark.usefixtures("audited")

DAY = timedelta(days=1)
STARTS_AT = START + 10 * DAY
Edit = Callable[[], object]


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user()


@pytest.fixture
def fair(make: Factory, organizer: User) -> EventListing:
    """Ten days ahead, for a day; two types, one sold until the day before; places are shared."""
    types = [
        NewTicketType(name="Early", price=Decimal(2500), sales_close_at=STARTS_AT - DAY),
        NewTicketType(name="Late", price=Decimal(2500)),
    ]
    return make.event(
        organizer=organizer,
        starts_at=STARTS_AT,
        ends_at=STARTS_AT + DAY,
        ticket_types=types,
        shared_capacity=100,
    )


def add_code(services: Services, organizer: User, event: EventListing, **values: Any) -> PromoCode:
    standard = {"code": "FRIEND", "kind": DiscountKind.PERCENT, "value": Decimal(10)}
    return services.promo_codes.create(
        event_id=event.id, organizer=organizer, new=NewPromoCode(**{**standard, **values})
    )


@pytest.fixture
def edit(services: Services, organizer: User, fair: EventListing) -> Callable[..., Edit]:
    """A change of the event, to be made later."""
    return lambda **values: changing(services.events, organizer, fair, **values)


def changing(events: EventService, organizer: User, event: EventListing, **values: Any) -> Edit:
    return lambda: events.edit(
        event_id=event.id, organizer=organizer, changes=EventChanges(**values)
    )


def one_behind_the_other(
    database: Database, event_id: EventId, *edits: Edit
) -> list[BaseException | None]:
    """Let all edits begin, in this order, before any of them can write; tell how each failed."""
    begun: list[Future[object]] = []
    with ThreadPoolExecutor(len(edits)) as pool:
        with database.writing() as work:
            work.ticket_types.lock_of_event(event_id)
            for edit in edits:
                begun.append(pool.submit(edit))
                until(lambda: all_wait(database, begun))
        return [future.exception() for future in begun]


class TestMovesAtOnce:
    def test_shift_what_depends_on_the_start_once(
        self,
        services: Services,
        database: Database,
        organizer: User,
        fair: EventListing,
        edit: Callable[..., Edit],
    ) -> None:
        add_code(services, organizer, fair, valid_until=STARTS_AT - 2 * DAY)
        move = edit(starts_at=STARTS_AT + 2 * DAY)

        failed = one_behind_the_other(database, fair.id, move, move, move)

        moved = services.events.get(fair.id)
        (code,) = services.promo_codes.all_of(event_id=fair.id, organizer=organizer)
        assert failed == [None] * 3
        assert (moved.starts_at, moved.ends_at) == (STARTS_AT + 2 * DAY, STARTS_AT + 3 * DAY)
        assert moved.ticket_types[0].sales_close_at == STARTS_AT + DAY
        assert code.valid_until == STARTS_AT

    def test_never_put_the_end_before_the_start(
        self,
        services: Services,
        database: Database,
        fair: EventListing,
        edit: Callable[..., Edit],
    ) -> None:
        later = edit(starts_at=STARTS_AT + DAY / 2, ends_at=STARTS_AT + 6 * DAY)
        sooner = edit(ends_at=STARTS_AT + DAY / 3)

        _, refused = one_behind_the_other(database, fair.id, later, sooner)

        assert isinstance(refused, EventValueInvalid)
        assert services.events.get(fair.id).ends_at == STARTS_AT + 6 * DAY

    @pytest.mark.parametrize("moves_first", [True, False])
    def test_leave_no_sale_open_beyond_the_end(
        self,
        services: Services,
        database: Database,
        organizer: User,
        fair: EventListing,
        edit: Callable[..., Edit],
        moves_first: bool,
    ) -> None:
        closes_at = STARTS_AT + DAY / 2
        edits = [
            edit(starts_at=STARTS_AT - 5 * DAY),
            lambda: services.ticket_types.edit(
                event_id=fair.id,
                ticket_type_id=fair.ticket_types[0].id,
                organizer=organizer,
                changes=TicketTypeChanges(sales_close_at=closes_at),
            ),
        ]

        one_behind_the_other(database, fair.id, *(edits if moves_first else edits[::-1]))

        moved = services.events.get(fair.id)
        expected = STARTS_AT - 6 * DAY if moves_first else closes_at - 5 * DAY
        assert moved.ticket_types[0].sales_close_at == expected

    def test_leave_no_code_in_the_currency_that_was(
        self,
        services: Services,
        database: Database,
        organizer: User,
        fair: EventListing,
        edit: Callable[..., Edit],
    ) -> None:
        def add() -> PromoCode:
            return add_code(
                services, organizer, fair, kind=DiscountKind.FIXED, value=Decimal("10.50")
            )

        _, refused = one_behind_the_other(database, fair.id, edit(currency="XOF"), add)

        assert isinstance(refused, EventValueInvalid)
        assert not services.promo_codes.all_of(event_id=fair.id, organizer=organizer)

    def test_are_reminded_of_anew_though_the_reminder_is_made_meanwhile(
        self,
        services: Services,
        database: Database,
        clock: FakeClock,
        fair: EventListing,
        edit: Callable[..., Edit],
    ) -> None:
        clock.advance(9.5 * DAY)

        one_behind_the_other(
            database,
            fair.id,
            edit(starts_at=STARTS_AT + 20 * DAY),
            services.announcements.remind_due,
        )

        clock.advance(20 * DAY)
        assert services.announcements.remind_due() == 1


class HastyAccess(EventAccessRepository):
    """Looks at the event as one must not: others may look at the same moment."""

    def lock_for_actor(self, actor: Actor, event_id: EventId, action: Action) -> Event:
        return self.for_actor(actor, event_id, action)


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestMovesWithoutALock:
    """On SQLite a writer is alone in any case."""

    def test_would_shift_twice(
        self,
        services: Services,
        database: Database,
        organizer: User,
        fair: EventListing,
    ) -> None:
        def exchange(work: UnitOfWork) -> None:
            work.event_access = HastyAccess(work._transaction)

        events = replace(services.events, database=ExchangedDatabase(database, exchange))
        move = changing(events, organizer, fair, starts_at=STARTS_AT + 2 * DAY)

        one_behind_the_other(database, fair.id, move, move)

        closes_at = services.events.get(fair.id).ticket_types[0].sales_close_at
        assert closes_at == STARTS_AT - DAY + 4 * DAY
