"""Sales are paused while tickets are sold: nothing is held once they are."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from app.config import Settings
from app.domain.errors import SalesPaused
from app.domain.ids import EventId
from app.http.services import Services
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.events.ticket_types import TicketTypeRepository
from app.repositories.unit_of_work import UnitOfWork
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.services.events.test_cancellation_beside_sales import (
    one_behind_the_other,
    only_postgresql,
)
from tests.support.factories import Factory
from tests.support.racing import ExchangedDatabase, at_once

BUYERS = 8


class HastyTypes(TicketTypeRepository):
    """Does not wait for those who hold places."""

    def lock_of_event(self, event_id: EventId) -> list[TicketType]:
        return []


def hurry(work: UnitOfWork) -> None:
    work.ticket_types = HastyTypes(work._transaction)


@pytest.fixture
def hasty(database: Database, outside: Adapters, settings: Settings) -> Services:
    """The same shop without what keeps the two apart."""
    return build_services(replace(outside, database=ExchangedDatabase(database, hurry)), settings)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user()


@pytest.fixture
def event_id(make: Factory, organizer: User) -> EventId:
    return make.event(organizer=organizer, price="0").id


def pausing(services: Services, organizer: User, event_id: EventId) -> Callable[[], Any]:
    return partial(services.event_life.pause_sales, event_id=event_id, organizer=organizer)


def taken(database: Database, event_id: EventId) -> int:
    with database.reading() as work:
        return work.ticket_types.of_event(event_id)[0].taken


@pytest.fixture
def buying(make: Factory, event_id: EventId) -> Callable[[], str]:
    """A buyer who orders, and how it ends."""

    def buy() -> str:
        try:
            make.order(make.user(), event_id)
        except SalesPaused:
            return "paused"
        return "placed"

    return buy


@pytest.mark.usefixtures("audited")
class TestPlace:
    def test_behind_a_pause_is_refused(
        self,
        services: Services,
        make: Factory,
        database: Database,
        organizer: User,
        event_id: EventId,
    ) -> None:
        buyer = make.user()

        _, placed = one_behind_the_other(
            database,
            event_id,
            pausing(services, organizer, event_id),
            lambda: make.order(buyer, event_id),
        )

        assert isinstance(placed.exception(), SalesPaused)
        assert taken(database, event_id) == 0

    def test_before_a_pause_keeps_its_place(
        self,
        services: Services,
        make: Factory,
        database: Database,
        organizer: User,
        event_id: EventId,
    ) -> None:
        buyer = make.user()

        placed, paused = one_behind_the_other(
            database,
            event_id,
            lambda: make.order(buyer, event_id),
            pausing(services, organizer, event_id),
        )

        assert placed.result().quantity == 1
        assert paused.result().places_left == 99

    def test_beside_a_pause_is_refused_or_was_there_before(
        self,
        services: Services,
        database: Database,
        organizer: User,
        event_id: EventId,
        buying: Callable[[], str],
    ) -> None:
        def pause() -> str:
            return f"left {pausing(services, organizer, event_id)().places_left}"

        ended = at_once([*[buying] * BUYERS, pause, *[buying] * BUYERS])

        placed = ended.count("placed")
        assert ended.count("paused") == 2 * BUYERS - placed
        assert f"left {100 - placed}" in ended
        assert taken(database, event_id) == placed


class TestWithoutTheLock:
    @only_postgresql
    def test_places_are_held_after_the_pause(
        self,
        hasty: Services,
        make: Factory,
        database: Database,
        organizer: User,
        event_id: EventId,
    ) -> None:
        """What the lock is for: the pause does not know of a hold under way."""
        with database.writing() as work:
            work.ticket_types.hold(work.ticket_types.of_event(event_id)[0].id, 1)
            work.ticket_types.terms(event_id)

            paused = pausing(hasty, organizer, event_id)()

        assert paused.places_left == 100
        assert taken(database, event_id) == 1
