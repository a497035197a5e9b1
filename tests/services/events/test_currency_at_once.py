"""Prices are set in the currency the event has when they are written, not when they were begun."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from app.domain.errors import EventValueInvalid, PriceNotPayable
from app.domain.events.changes import EventChanges, TicketTypeChanges
from app.domain.listings import EventListing
from app.domain.states import DiscountKind, Role
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.racing import all_wait, until

pytestmark = pytest.mark.usefixtures("audited")

HALF_FRANCS = Decimal("1500.50")


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def event(make: Factory, organizer: User) -> EventListing:
    return make.event(organizer=organizer)


def meanwhile(
    database: Database,
    event: EventListing,
    change: Callable[[UnitOfWork], object],
    call: Callable[[], object],
) -> None:
    """Let ``call`` run into a change of the event, which has locked what such changes lock."""
    with ThreadPoolExecutor() as pool:
        with database.writing() as work:
            work.event_access.lock(event.id)
            called = pool.submit(call)
            until(lambda: all_wait(database, [called]))
            change(work)
        called.result()


def to_francs(event: EventListing) -> Callable[[UnitOfWork], object]:
    def change(work: UnitOfWork) -> None:
        work.events.get(event.id).currency = "XOF"

    return change


class TestAChangeOfCurrency:
    def test_is_seen_by_who_adds_a_type(
        self, services: Services, database: Database, organizer: User, event: EventListing
    ) -> None:
        new = NewTicketType(name="VIP", price=HALF_FRANCS)

        with pytest.raises(PriceNotPayable):
            meanwhile(
                database,
                event,
                to_francs(event),
                lambda: services.ticket_types.add(event_id=event.id, organizer=organizer, new=new),
            )

    def test_is_seen_by_who_changes_a_price(
        self, services: Services, database: Database, organizer: User, event: EventListing
    ) -> None:
        with pytest.raises(PriceNotPayable):
            meanwhile(
                database,
                event,
                to_francs(event),
                lambda: services.ticket_types.edit(
                    event_id=event.id,
                    ticket_type_id=event.ticket_types[0].id,
                    organizer=organizer,
                    changes=TicketTypeChanges(price=HALF_FRANCS),
                ),
            )
        with pytest.raises(PriceNotPayable):
            services.events.edit(
                event_id=event.id,
                organizer=organizer,
                changes=EventChanges(price=HALF_FRANCS),
            )

    def test_is_seen_by_another_change_of_the_event(
        self, services: Services, database: Database, organizer: User, event: EventListing
    ) -> None:
        changes = EventChanges(price=HALF_FRANCS)

        with pytest.raises(PriceNotPayable):
            meanwhile(
                database,
                event,
                to_francs(event),
                lambda: services.events.edit(
                    event_id=event.id, organizer=organizer, changes=changes
                ),
            )

    def test_is_seen_by_who_hands_out_a_promo_code(
        self, services: Services, database: Database, organizer: User, event: EventListing
    ) -> None:
        new = NewPromoCode(code="LESS", kind=DiscountKind.FIXED, value=Decimal("10.25"))

        with pytest.raises(EventValueInvalid):
            meanwhile(
                database,
                event,
                to_francs(event),
                lambda: services.promo_codes.create(
                    event_id=event.id, organizer=organizer, new=new
                ),
            )

    def test_ends_a_fixed_promo_code_that_was_just_made(
        self, services: Services, database: Database, organizer: User, event: EventListing
    ) -> None:
        def hand_out(work: UnitOfWork) -> None:
            work.promo_codes.save(
                PromoCode(
                    event_id=event.id,
                    code="LESS",
                    code_key="less",
                    kind=DiscountKind.FIXED,
                    value=1_025,
                    used=0,
                    ticket_type_ids=[],
                )
            )

        meanwhile(
            database,
            event,
            hand_out,
            lambda: services.events.edit(
                event_id=event.id, organizer=organizer, changes=EventChanges(currency="XOF")
            ),
        )

        assert services.promo_codes.all_of(event_id=event.id, organizer=organizer) == []
