"""The attendance report says what the check-ins say, row by row, in the quarters of its zone."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Row, select

from app.domain.checkin.doors import Direction, ScanReason, Verdict
from app.domain.errors import EventNotFound
from app.domain.organizers.reports import start_of
from app.domain.states import Role
from app.http.services import Services
from app.models.checkin.check_ins import CheckIn
from app.repositories.database import Database
from app.schemas.organizers.attendance import AttendanceReportOut
from app.services.organizers.reports import AttendanceReport
from tests.steps.door import Door, open_door
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = pytest.mark.usefixtures("audited")

BERLIN: Final = "Europe/Berlin"
CLOCKS_GO_BACK: Final = datetime(2027, 10, 31, 1, tzinfo=UTC)
"""In Berlin 03:00 becomes 02:00 again."""


def report(services: Services, door: Door) -> AttendanceReport:
    return services.reports.attendance(event_id=door.event_id, organizer=door.organizer)


def rows(database: Database, door: Door) -> list[Row[Any]]:
    with database.engine.connect() as connection:
        table = CheckIn.__table__
        return list(connection.execute(select(table).where(table.c.event_id == door.event_id)))


def quarter_of(moment: datetime) -> datetime:
    """Where its quarter of an hour begins, reckoned on its own."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


@pytest.fixture
def door(services: Services, make: Factory) -> Door:
    return open_door(services, make, reentry=True)


def evening(door: Door, services: Services, clock: FakeClock) -> None:
    """Two gates and none, every verdict, an undone entry, and one told of later."""
    ada, bola, chi, dayo = door.tickets(4)
    clock.advance(services.events.get(door.event_id).starts_at - clock.now())
    north, south = door.scanner("North"), door.scanner("South")
    door.scan(door.code(ada), by=north)
    clock.advance(timedelta(minutes=14, seconds=59))
    door.scan(door.code(ada), by=south)
    undone = door.scan(door.code(bola), by=south)
    services.check_ins.undo(
        event_id=door.event_id,
        check_in_id=undone.check_in.id,
        actor=door.staff,
        reason="the wrong person",
    )
    clock.advance(timedelta(seconds=1))
    door.scan(door.code(bola), by=south)
    door.scan("no code of ours")
    clock.advance(timedelta(minutes=40))
    door.scan(door.code(ada), by=north, direction=Direction.OUT)
    door.scan(door.code(ada), by=north)
    door.scan(door.code(chi), scanned_at=clock.now() - timedelta(minutes=33))
    door.request_refund(dayo)


class TestAttendance:
    def test_of_an_event_without_scans_is_empty(self, services: Services, door: Door) -> None:
        found = report(services, door)

        assert (found.scans, found.by_gate, found.undone, found.admitted_share) == ([], [], 0, 0)

    def test_is_what_the_check_ins_tell_row_by_row(
        self, services: Services, door: Door, database: Database, clock: FakeClock
    ) -> None:
        evening(door, services, clock)
        other = open_door(services, door.make, starts_at=clock.now() + timedelta(days=1))
        other.scan("no code of ours")

        found = report(services, door)

        kept = rows(database, door)
        counted: Counter[tuple[datetime, str | None, ScanReason, bool]] = Counter(
            (quarter_of(row.scanned_at), row.gate, row.reason, row.undone_at is not None)
            for row in kept
        )
        assert {
            (start_of(each.quarter), each.gate, each.reason, each.is_undone): each.scans
            for each in found.scans
        } == counted
        assert found.undone == sum(1 for row in kept if row.undone_at)
        shown = AttendanceReportOut.of(found)
        stand = [row for row in kept if row.undone_at is None]
        for each in shown.by_quarter:
            here = [
                row
                for row in stand
                if row.gate == each.gate and quarter_of(row.scanned_at) == each.starts_at
            ]
            told = Counter(row.reason if row.verdict == Verdict.ACCEPTED else None for row in here)
            assert (each.admitted, each.left, each.refused) == (
                told[ScanReason.ADMITTED],
                told[ScanReason.LEFT],
                told[None],
            )
        for totals in (shown.by_quarter, shown.by_gate, [shown.scans]):
            assert sum(one.admitted + one.left + one.refused for one in totals) == len(stand)
        assert [one.gate for one in shown.by_gate] == ["North", "South", None]
        assert {one.reason: one.scans for one in shown.by_reason} == Counter(
            row.reason for row in stand if row.verdict == Verdict.REFUSED
        )
        assert (shown.tickets, shown.admitted_tickets, shown.admitted_share) == (3, 3, 1.0)

    def test_tells_the_hour_twice_that_comes_twice(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(
            organizer=organizer, time_zone=BERLIN, starts_at=CLOCKS_GO_BACK, reentry=True
        )
        door = Door(services, make, event.id, organizer)
        first, second = door.tickets(2)
        clock.advance(CLOCKS_GO_BACK - timedelta(minutes=10) - START)
        door.scan(door.code(first))
        clock.advance(timedelta(hours=1))
        door.scan(door.code(second))

        shown = AttendanceReportOut.of(report(services, door))

        assert [one.starts_at.isoformat() for one in shown.by_quarter] == [
            "2027-10-31T02:45:00+02:00",
            "2027-10-31T02:45:00+01:00",
        ]
        assert [one.starts_at.utcoffset() for one in shown.by_quarter] == [
            one.starts_at.astimezone(ZoneInfo(BERLIN)).utcoffset() for one in shown.by_quarter
        ]

    def test_is_for_those_who_may_see_who_comes(
        self, services: Services, make: Factory, door: Door
    ) -> None:
        with pytest.raises(EventNotFound):
            services.reports.attendance(
                event_id=door.event_id, organizer=make.user(role=Role.ORGANIZER)
            )
