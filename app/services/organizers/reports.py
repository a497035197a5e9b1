"""What events have brought in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.ids import EventId
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


class ReportService:
    """Sums up sales for the members of an organization."""

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
