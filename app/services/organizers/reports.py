"""What events have brought in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.checkin.attendees import DoorCounts
from app.domain.ids import EventId, OrganizationId
from app.domain.organizers.attendance import ScanCount, Scans, scans_by
from app.domain.organizers.reports import (
    CodeSales,
    EventSales,
    EventSum,
    KindSales,
    Period,
    Revenue,
    TypeSales,
    counts_by_day,
    revenues,
    revenues_by_day,
)
from app.domain.permissions import Action
from app.models.users.users import User
from app.repositories.database import Database

MOST_EVENTS: Final = 500
"""How many events of an organization one report names, so that its size has a bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesReport:
    """What an event has sold, all of one moment. Days are those of the event's zone."""

    event_id: EventId
    time_zone: str
    currency: str
    revenue: Sequence[Revenue]
    revenue_by_day: Sequence[tuple[date, Revenue]]
    tickets_by_day: Mapping[date, int]
    by_kind: Sequence[KindSales]
    by_type: Sequence[TypeSales]
    by_promo_code: Sequence[CodeSales]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationSalesReport:
    """What an organization's events have sold in a period, all of one moment."""

    organization_id: OrganizationId
    name: str
    period: Period
    events: Sequence[EventSales]
    """Those that sold something or moved money in the period; the one that starts last first.

    At most ``MOST_EVENTS``; all sums are of all events.
    """
    events_left_out: int
    by_kind: Sequence[KindSales]
    tickets: int
    revenue: Sequence[Revenue]
    """One for each currency: amounts of two are never added."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportService:
    """Sums up sales and check-ins for the members of an organization."""

    database: Database

    def sales(self, *, event_id: EventId, organizer: User) -> SalesReport:
        """What the event has sold, in money as the ledger has it.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.snapshot() as work:
            event = work.event_access.for_actor(organizer.actor, event_id, Action.SEE_MONEY)
            sums = work.reports.ledger_sums(event_id)
            return SalesReport(
                event_id=event_id,
                time_zone=event.time_zone,
                currency=event.currency,
                revenue=revenues(sums),
                revenue_by_day=revenues_by_day(sums, event.time_zone),
                tickets_by_day=counts_by_day(work.reports.tickets_sold(event_id), event.time_zone),
                by_kind=work.reports.by_kind(event_id),
                by_type=work.reports.by_type(event_id),
                by_promo_code=work.reports.by_promo_code(event_id),
            )

    def organization_sales(
        self, *, organization_id: OrganizationId, member: User, period: Period
    ) -> OrganizationSalesReport:
        """What each event of an organization has sold in the period, as the ledger has it.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account's role there does not allow it.
        """
        with self.database.snapshot() as work:
            work.organizations.ensure_may(member.actor, organization_id, Action.SEE_MONEY)
            sums = work.organization_sales.ledger_sums(organization_id, period)
            tickets = work.organization_sales.tickets_sold(organization_id, period)
            events = work.organization_sales.events(organization_id)
            by_kind = work.organization_sales.by_kind(organization_id, period)
            name = work.organizations.get(organization_id).name
        by_event: dict[EventId, list[EventSum]] = defaultdict(list)
        for each in sums:
            by_event[each.event_id].append(each)
        moved = [event for event in events if event.id in by_event or event.id in tickets]
        return OrganizationSalesReport(
            organization_id=organization_id,
            name=name,
            period=period,
            by_kind=by_kind,
            events=[
                EventSales(
                    event_id=event.id,
                    title=event.title,
                    starts_at=event.starts_at,
                    all_day=event.all_day,
                    time_zone=event.time_zone,
                    tickets=tickets.get(event.id, 0),
                    revenue=revenues(by_event[event.id]),
                )
                for event in moved[:MOST_EVENTS]
            ],
            events_left_out=max(0, len(moved) - MOST_EVENTS),
            tickets=sum(tickets.values()),
            revenue=revenues(sums),
        )

    def attendance(self, *, event_id: EventId, organizer: User) -> AttendanceReport:
        """Who came, as the check-ins have it.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.snapshot() as work:
            event = work.event_access.for_actor(organizer.actor, event_id, Action.SEE_ATTENDEES)
            return AttendanceReport(
                event_id=event_id,
                time_zone=event.time_zone,
                door=work.attendees.counts(event_id),
                scans=work.reports.scans(event_id),
            )
