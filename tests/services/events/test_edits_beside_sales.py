"""Changes of an event while its tickets are sold: neither waits for the other in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.events.changes import EventChanges, PromoCodeChanges, TicketTypeChanges
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.domain.states import DiscountKind
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.fakes import START
from tests.support.racing import all_wait, until

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user()


@pytest.fixture
def fair(make: Factory, organizer: User) -> EventListing:
    """Two types share their places."""
    types = [NewTicketType(name=name, price=Decimal(2500)) for name in ("Early", "Late")]
    return make.event(organizer=organizer, ticket_types=types, shared_capacity=100)


@pytest.fixture
def code(services: Services, organizer: User, fair: EventListing) -> PromoCode:
    return add_code(services, organizer, fair, "FRIEND")


def add_code(services: Services, organizer: User, event: EventListing, code: str) -> PromoCode:
    new = NewPromoCode(code=code, kind=DiscountKind.PERCENT, value=Decimal(10))
    return services.promo_codes.create(event_id=event.id, organizer=organizer, new=new)


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestLock:
    """SQLite has one writer."""

    def test_lets_sales_go_on(
        self, services: Services, database: Database, organizer: User, fair: EventListing
    ) -> None:
        def sell() -> None:
            with database.writing() as work:
                hold_and_release(work, fair)

        with ThreadPoolExecutor() as pool, database.writing() as work:
            work.event_access.lock_for_actor(organizer.actor, fair.id, Action.MANAGE_EVENT)
            pool.submit(sell).result(timeout=30)


class TestBesideASale:
    """A sale takes the promo code, then the ticket type, then the event's shared places."""

    @pytest.mark.parametrize(
        "change",
        [
            "edit",
            "cancel",
            "delete",
            "add_type",
            "edit_type",
            "remove_type",
            "add_code",
            "edit_code",
            "delete_code",
        ],
    )
    def test_waits_in_no_circle(
        self,
        services: Services,
        database: Database,
        organizer: User,
        fair: EventListing,
        code: PromoCode,
        change: str,
    ) -> None:
        type_id = fair.ticket_types[0].id
        of_event: dict[str, Any] = {"event_id": fair.id, "organizer": organizer}
        changes: dict[str, Callable[[], object]] = {
            "edit": lambda: services.events.edit(
                **of_event,
                changes=EventChanges(
                    starts_at=fair.starts_at + timedelta(days=1), shared_capacity=50
                ),
            ),
            "cancel": lambda: services.events.cancel(**of_event, dry_run=False),
            "delete": lambda: services.events.delete(**of_event),
            "add_type": lambda: services.ticket_types.add(
                **of_event, new=NewTicketType(name="Box", price=Decimal(100))
            ),
            "edit_type": lambda: services.ticket_types.edit(
                **of_event, ticket_type_id=type_id, changes=TicketTypeChanges(price=Decimal(1000))
            ),
            "remove_type": lambda: services.ticket_types.remove(**of_event, ticket_type_id=type_id),
            "add_code": lambda: add_code(services, organizer, fair, "OTHER"),
            "edit_code": lambda: services.promo_codes.edit(
                **of_event, promo_code_id=code.id, changes=PromoCodeChanges(is_stopped=True)
            ),
            "delete_code": lambda: services.promo_codes.delete(**of_event, promo_code_id=code.id),
        }

        with ThreadPoolExecutor() as pool:
            with database.writing() as work:
                assert work.promo_codes.use(code.id, now=START)
                changed = pool.submit(changes[change])
                until(lambda: all_wait(database, [changed]))
                hold_and_release(work, fair)
                work.promo_codes.unuse(code.id)
            assert changed.exception() is None


def hold_and_release(work: UnitOfWork, event: EventListing) -> None:
    type_id = event.ticket_types[0].id
    assert work.ticket_types.hold(type_id, 1)
    assert work.events.hold(event.id, 1)
    work.ticket_types.release(type_id, 1)
    work.events.release(event.id, 1)
