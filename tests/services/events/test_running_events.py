"""Events that have begun: their doors and their end may still change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from app.domain.errors import EventInPast, EventValueInvalid
from app.http.services import Services
from tests.steps.door import Door, open_door
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock
from tests.support.news import Edits

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STARTS_AT = START + 10 * DAY


@dataclass(frozen=True)
class Night:
    """An event that has begun: who changes it, and two tickets of it before its door."""

    door: Door
    edit: Edits
    codes: list[str]

    def scan(self, number: int) -> str:
        return self.door.scan(self.codes[number]).check_in.reason


@pytest.fixture
def night(services: Services, make: Factory, clock: FakeClock) -> Night:
    """Lasts an hour, and its doors open half an hour late."""
    door = open_door(services, make, starts_at=STARTS_AT)
    edit = Edits(services, door.organizer, door.event_id)
    codes = [door.code(ticket) for ticket in door.tickets(2)]
    clock.advance(10 * DAY)
    edit(ends_at=STARTS_AT + HOUR)
    edit(doors_open_at=STARTS_AT + HOUR / 2)
    return Night(door, edit, codes)


class TestRunning:
    @pytest.mark.parametrize("doors_open_at", [None, STARTS_AT])
    def test_can_have_its_doors_opened(self, night: Night, doors_open_at: datetime | None) -> None:
        assert night.scan(0) == "too-early"

        night.edit(doors_open_at=doors_open_at)

        assert night.scan(1) == "admitted"

    def test_can_be_extended(self, night: Night, clock: FakeClock) -> None:
        clock.advance(HOUR + HOUR / 2)
        assert night.scan(0) == "too-late"

        night.edit(ends_at=STARTS_AT + 3 * HOUR)

        assert night.scan(1) == "admitted"

    def test_does_not_get_another_start_in_the_past(self, night: Night) -> None:
        with pytest.raises(EventInPast):
            night.edit(starts_at=STARTS_AT - HOUR)

    def test_keeps_its_end_behind_its_doors(self, night: Night) -> None:
        with pytest.raises(EventValueInvalid) as refused:
            night.edit(ends_at=STARTS_AT + HOUR / 2)

        assert "/doors_open_at" in str(refused.value.facts["errors"])
