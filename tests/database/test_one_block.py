"""The block of a unit of work is one transaction, whatever is in it, on both databases."""

from contextlib import suppress

import pytest

from app.domain.checkin.doors import Direction, ScanReason, Verdict
from app.domain.ids import EventId, TicketId
from app.http.services import Services
from app.models.checkin.check_ins import CheckIn
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from tests.steps.door import Door, open_door
from tests.support.factories import Factory
from tests.support.fakes import START


class PowerCut(Exception):
    """Something fails in the middle of a block."""


@pytest.fixture
def door(services: Services, make: Factory) -> Door:
    return open_door(services, make)


def record_scan(work: UnitOfWork, door: Door, ticket_id: TicketId) -> bool:
    check_in = CheckIn(
        event_id=door.event_id,
        ticket_id=ticket_id,
        ticket_version=1,
        scan_id="one-scan",
        direction=Direction.IN,
        verdict=Verdict.ACCEPTED,
        reason=ScanReason.ADMITTED,
        user_id=door.organizer.id,
        scanned_at=START,
        received_at=START,
    )
    work.gates.take(ticket_id)
    check_in_id = work.check_ins.record(check_in)
    return check_in_id is not None and work.gates.admit(
        ticket_id, version=1, at=START, entry_id=check_in_id
    )


class TestCheckIn:
    def test_may_follow_another_statement(self, database: Database, door: Door) -> None:
        ticket = door.ticket()

        with database.writing() as work:
            work.events.has_orders(EventId(10_000))
            assert record_scan(work, door, ticket.id)

        assert [answer.check_in.scan_id for answer in door.history(ticket.id)] == ["one-scan"]

    def test_is_undone_when_the_block_fails(self, database: Database, door: Door) -> None:
        ticket = door.ticket()

        with suppress(PowerCut), database.writing() as work:
            record_scan(work, door, ticket.id)
            raise PowerCut

        assert door.history(ticket.id) == []
        assert door.scan(door.code(ticket)).check_in.reason == ScanReason.ADMITTED
