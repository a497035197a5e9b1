"""Buyers try to get places of a draft, also in the moment in which it is published."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pytest

from app.config import Settings
from app.domain.errors import EventNotFound, SoldOut
from app.domain.events.schedules import Schedule
from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.http.services import Services
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.events.events import EventRepository
from app.repositories.events.ticket_types import TicketTypeRepository
from app.repositories.unit_of_work import UnitOfWork
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.support.factories import Factory
from tests.support.racing import ExchangedDatabase, at_once

BUYERS = 6


class OfferingDrafts(TicketTypeRepository):
    """Offers the types of drafts as well, as if they had been read before."""

    def on_offer(
        self, event_id: EventId, *, even_paused: bool = False
    ) -> tuple[Sequence[TicketType], Schedule]:
        return self.of_event(event_id), EventRepository(self._transaction).get(event_id).schedule


def offer_drafts(work: UnitOfWork) -> None:
    work.ticket_types = OfferingDrafts(work._transaction)


@pytest.fixture
def hasty(database: Database, outside: Adapters, settings: Settings) -> Services:
    """The same shop, which leaves it to the statement that holds places."""
    exchanged = ExchangedDatabase(database, offer_drafts)
    return build_services(replace(outside, database=exchanged), settings)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user()


@pytest.fixture
def draft(make: Factory, organizer: User) -> tuple[EventId, TicketTypeId]:
    event = make.event(organizer=organizer, price="0", is_draft=True)
    return event.id, event.ticket_types[0].id


def buying(
    services: Services, make: Factory, draft: tuple[EventId, TicketTypeId]
) -> list[Callable[[], str]]:
    """What each of the buyers does, and how it ends."""
    event_id, type_id = draft
    item = RequestedItem(ticket_type_id=type_id, quantity=1)
    order_request = OrderRequest(event_id=event_id, items=[item])

    def order(buyer: User) -> str:
        try:
            services.orders.place(buyer=buyer, order_request=order_request)
        except (EventNotFound, SoldOut) as refusal:
            return refusal.code
        return "placed"

    return [partial(order, make.user()) for _ in range(BUYERS)]


def taken(database: Database, draft: tuple[EventId, TicketTypeId]) -> int:
    with database.reading() as work:
        return work.ticket_types.of_event(draft[0])[0].taken


@pytest.mark.usefixtures("audited")
class TestBuyersOfADraft:
    def test_get_nothing_all_at_once(
        self,
        services: Services,
        hasty: Services,
        make: Factory,
        database: Database,
        draft: tuple[EventId, TicketTypeId],
    ) -> None:
        careful, careless = buying(services, make, draft), buying(hasty, make, draft)

        ended = at_once([*careful, *careless])

        assert ended == ["event-not-found"] * BUYERS + ["sold-out"] * BUYERS
        assert taken(database, draft) == 0

    def test_get_places_of_the_same_event_once_it_is_published(
        self,
        services: Services,
        hasty: Services,
        make: Factory,
        database: Database,
        organizer: User,
        draft: tuple[EventId, TicketTypeId],
    ) -> None:
        services.event_life.publish(event_id=draft[0], organizer=organizer)

        ended = at_once([*buying(services, make, draft), *buying(hasty, make, draft)])

        assert ended == ["placed"] * 2 * BUYERS
        assert taken(database, draft) == 2 * BUYERS

    def test_get_them_from_that_moment_on(
        self,
        services: Services,
        hasty: Services,
        make: Factory,
        database: Database,
        organizer: User,
        draft: tuple[EventId, TicketTypeId],
    ) -> None:
        def publish() -> str:
            services.event_life.publish(event_id=draft[0], organizer=organizer)
            return "published"

        ended = at_once([*buying(services, make, draft), publish, *buying(hasty, make, draft)])

        assert set(ended) <= {"event-not-found", "sold-out", "placed", "published"}
        assert taken(database, draft) == ended.count("placed")
        assert {call() for call in buying(services, make, draft)} == {"placed"}
