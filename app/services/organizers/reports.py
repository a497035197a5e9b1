"""What events have brought in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.checkin.attendance import DoorCounts
from app.domain.ids import EventId
from app.domain.organizers.attendance import ScanCount, Scans, scans_by
from app.domain.organizers.reports import (
    CodeSales,
    Revenue,
    TypeSales,
    counts_by_day,
    revenues,
    revenues_by_day,
)
from app.domain.permissions import Action
from app.models.users.users import User
from app.repositories.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReport:
    """What an event has sold, all of one moment. Days are those of the event's zone."""

    event_id: EventId
    time_zone: str
    currency: str
    revenue: Sequence[Revenue]
    revenue_by_day: Sequence[tuple[date, Revenue]]
    tickets_by_day: Mapping[date, int]
    by_type: Sequence[TypeSales]
    by_promo_code: Sequence[CodeSales]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceReport:
    """Who came to an event, all of one moment."""

    event_id: EventId
    time_zone: str
    door: DoorCounts
    """Tickets, and those whose holder came."""
    scans: Sequence[ScanCount]
    """Every scan, in the order of time and gates."""

    @property
    def undone(self) -> int:
        return sum(each.scans for each in self.scans if each.is_undone)

    @property
    def by_gate(self) -> list[tuple[str | None, Scans]]:
        """Scans at each gate, in the order of their names; those of gates without a name last."""
        found = scans_by(self.scans, lambda each: each.gate)
        return sorted(found, key=lambda one: (one[0] is None, one[0] or ""))

    @property
    def admitted_share(self) -> float:
        """Of the tickets that are valid, from 0 to 1: those whose holder came."""
        return round(self.door.admitted / self.door.tickets, 4) if self.door.tickets else 0.0


class ReportService:
    """Sums up sales and check-ins for the members of an organization."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def sales(self, *, event_id: EventId, organizer: User) -> SalesReport:
        """What the event has sold, in money as the ledger has it.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self._database.snapshot() as work:
            event = work.event_access.for_actor(organizer.actor, event_id, Action.SEE_MONEY)
            sums = work.reports.ledger_sums(event_id)
            return SalesReport(
                event_id=event_id,
                time_zone=event.time_zone,
                currency=event.currency,
                revenue=revenues(sums),
                revenue_by_day=revenues_by_day(sums, event.time_zone),
                tickets_by_day=counts_by_day(work.reports.tickets_sold(event_id), event.time_zone),
                by_type=work.reports.by_type(event_id),
                by_promo_code=work.reports.by_promo_code(event_id),
            )

    def attendance(self, *, event_id: EventId, organizer: User) -> AttendanceReport:
        """Who came, as the check-ins have it.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self._database.snapshot() as work:
            event = work.event_access.for_actor(organizer.actor, event_id, Action.SEE_ATTENDEES)
            return AttendanceReport(
                event_id=event_id,
                time_zone=event.time_zone,
                door=work.attendees.counts(event_id),
                scans=work.attendance.scans(event_id),
            )
