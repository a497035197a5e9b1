"""The desk and buyers at the same moment, and the proof that a wrong guard would be seen."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from sqlalchemy import update

from app.domain.errors import SoldOut
from app.domain.listings import EventListing
from app.domain.states import OrderKind
from app.http.services import Services
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database
from tests.steps.selling import BoxOffice
from tests.support.factories import Factory
from tests.support.racing import LONGEST, at_once

PLACES = 5
CALLERS = 10
"""On each side."""


@pytest.fixture
def event(make: Factory, jazz_organizer: User) -> EventListing:
    return make.event(organizer=jazz_organizer, capacity=PLACES)


def outcomes(calls: Sequence[Callable[[], object]]) -> Counter[str]:
    """How the calls ended that were made at once."""

    def outcome(call: Callable[[], object]) -> str:
        try:
            call()
        except SoldOut:
            return "sold out"
        return "sold"

    return Counter(at_once([partial(outcome, call) for call in calls]))


class TestLastPlaces:
    @pytest.mark.usefixtures("audited")
    def test_go_to_the_desk_or_to_buyers_and_never_to_both(
        self, services: Services, make: Factory, jazz_organizer: User, event: EventListing
    ) -> None:
        box_office = BoxOffice(services, jazz_organizer, event.id)
        kinds = [OrderKind.CASH, OrderKind.COMPLIMENTARY] * (CALLERS // 2)
        buyers = [make.user() for _ in range(CALLERS)]

        found = outcomes(
            [
                *(partial(box_office.sell, kind) for kind in kinds),
                *(partial(make.order, buyer, event.id) for buyer in buyers),
            ]
        )

        assert found == {"sold": PLACES, "sold out": 2 * CALLERS - PLACES}
        listing = services.events.get(event.id)
        assert listing.ticket_types[0].places_left == 0

    def test_would_go_to_both_if_the_desk_looked_before_it_took_them(
        self, services: Services, make: Factory, database: Database, event: EventListing
    ) -> None:
        type_id = event.ticket_types[0].id
        everybody_has_looked = threading.Barrier(2 * CALLERS)

        def sell_hastily() -> None:
            left = services.events.get(event.id).ticket_types[0].places_left or 0
            everybody_has_looked.wait(LONGEST.total_seconds())
            if left < 1:
                raise SoldOut(event.id, 1)
            with database.engine.begin() as connection:
                connection.execute(
                    update(TicketType)
                    .where(TicketType.id == type_id)
                    .values(held=PLACES - left + 1)
                )

        found = outcomes([sell_hastily] * (2 * CALLERS))

        assert found["sold"] > PLACES
