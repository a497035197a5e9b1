"""The race for the last places, without HTTP, and the proof that losing it would be seen."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.domain.ids import TicketTypeId
from app.models.events.ticket_types import TicketType
from app.repositories.base import Transaction
from app.repositories.database import Database
from app.repositories.events.ticket_types import TicketTypeRepository
from tests.support.factories import Factory
from tests.support.racing import LONGEST, at_once

PLACES = 5
BUYERS = 20


@pytest.fixture
def ticket_type_id(make: Factory) -> TicketTypeId:
    return make.event(capacity=PLACES).ticket_types[0].id


class HastyTicketTypes(TicketTypeRepository):
    """Holds as one must not: it looks, decides, and then writes what follows from its look.

    Waiting until everybody has looked takes chance out of it: two who look at the same moment
    are enough, and in a shop they come.
    """

    def look(self, ticket_type_id: TicketTypeId) -> TicketType:
        return self._db.get_one(TicketType, ticket_type_id)

    def write(self, ticket_type_id: TicketTypeId, *, held: int) -> None:
        self._db.execute(
            update(TicketType).where(TicketType.id == ticket_type_id).values(held=held)
        )


def places_given(hold: Callable[[], bool]) -> int:
    """How many of the buyers were told that they have a place."""
    return sum(at_once([hold] * BUYERS))


class TestHold:
    def test_gives_away_no_more_places_than_there_are(
        self, database: Database, ticket_type_id: TicketTypeId
    ) -> None:
        def hold() -> bool:
            with database.writing() as work:
                return work.ticket_types.hold(ticket_type_id, 1) is not None

        assert places_given(hold) == PLACES

    def test_would_give_away_too_many_if_it_looked_before_it_wrote(
        self, database: Database, ticket_type_id: TicketTypeId
    ) -> None:
        everybody_has_looked = threading.Barrier(BUYERS)

        def hold() -> bool:
            with database.engine.begin() as connection:
                seen = HastyTicketTypes(Transaction(connection)).look(ticket_type_id).taken
            everybody_has_looked.wait(LONGEST.total_seconds())
            if seen + 1 > PLACES:
                return False
            with database.engine.begin() as connection:
                HastyTicketTypes(Transaction(connection)).write(ticket_type_id, held=seen + 1)
            return True

        assert places_given(hold) > PLACES
