"""Organizers who have read the same version of an event change it at the same time."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from app.config import Settings
from app.domain.errors import PreconditionFailed
from app.domain.events.changes import EventChanges, TicketTypeChanges
from app.domain.events.versions import IfMatch, etag_of
from app.domain.ids import EventId
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.events.event_access import EventAccessRepository
from app.repositories.unit_of_work import UnitOfWork
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.services.events.test_cancellation_beside_sales import only_postgresql
from tests.support.factories import Factory
from tests.support.racing import ExchangedDatabase, at_once

ORGANIZERS = 6


class UnlockedEvents(EventAccessRepository):
    """Does not keep others from changing the event."""

    def lock(self, event_id: EventId) -> None:
        pass


def unlock(work: UnitOfWork) -> None:
    work.event_access = UnlockedEvents(work._transaction)


@pytest.fixture
def hasty(database: Database, outside: Adapters, settings: Settings) -> Services:
    """The same shop without what keeps changes apart."""
    exchanged = ExchangedDatabase(database, unlock)
    return build_services(replace(outside, database=exchanged), settings)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user()


def changing(
    services: Services, make: Factory, organizer: User, *, conditional: bool
) -> list[Callable[[], str]]:
    """Each changes the place, or the capacity of the type, as read before all the others."""
    event = make.event(organizer=organizer)
    if_match = IfMatch(frozenset({etag_of(event.version)})) if conditional else None

    def move(number: int) -> str:
        try:
            services.events.edit(
                event_id=event.id,
                organizer=organizer,
                changes=EventChanges(location=f"Hall {number}"),
                if_match=if_match,
            )
        except PreconditionFailed:
            return "refused"
        return "changed"

    def widen(number: int) -> str:
        try:
            services.ticket_types.edit(
                event_id=event.id,
                ticket_type_id=event.ticket_types[0].id,
                organizer=organizer,
                changes=TicketTypeChanges(capacity=200 + number),
                if_match=if_match,
            )
        except PreconditionFailed:
            return "refused"
        return "changed"

    return [partial(each, number) for number in range(ORGANIZERS) for each in (move, widen)]


class TestChanges:
    def test_of_the_same_version_are_made_once(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        calls = changing(services, make, organizer, conditional=True)

        ended = at_once(calls)

        assert ended.count("changed") == 1
        assert services.events.get(EventId(1)).version == 2

    def test_without_a_condition_are_all_made_and_counted(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        calls = changing(services, make, organizer, conditional=False)

        ended = at_once(calls)

        assert ended == ["changed"] * len(calls)
        assert services.events.get(EventId(1)).version == 1 + len(calls)

    @only_postgresql
    def test_without_the_lock_would_undo_each_other(
        self, hasty: Services, services: Services, make: Factory, organizer: User
    ) -> None:
        ended: list[str] = []
        while ended.count("changed") < 2:  # a race: the first round nearly always shows it
            ended = at_once(changing(hasty, make, organizer, conditional=True))

        assert ended.count("changed") > 1
