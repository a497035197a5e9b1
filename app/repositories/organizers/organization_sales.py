"""Sums over the events of an organization, each within days of its own zone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.ids import EventId, OrganizationId
from app.domain.organizers.reports import EventSum, KindSales, Period
from app.models.events.events import Event
from app.models.payments.ledger import LedgerEntry
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, filled, table_of
from app.repositories.organizers.reports import BY_KIND, DEBITS, MINOR, kinds_in

E: Final = table_of(Event).c
L: Final = table_of(LedgerEntry).c
T: Final = table_of(Ticket).c


class OrganizationSalesRepository(Repository):
    def ledger_sums(self, organization_id: OrganizationId, period: Period) -> Sequence[EventSum]:
        """What was posted in the period, by event, account and currency."""
        statement = (
            select(L.event_id, L.account, L.currency, MINOR, DEBITS)
            .join_from(table_of(LedgerEntry), table_of(Event), E.id == L.event_id)
            .where(*self._within(organization_id, period, L.at))
            .group_by(L.event_id, L.account, L.currency)
        )
        return [
            filled(EventSum, row, minor=int(row.minor), debits=int(row.debits))
            for row in self._run(statement)
        ]

    def tickets_sold(
        self, organization_id: OrganizationId, period: Period
    ) -> Mapping[EventId, int]:
        """How many tickets of each event were issued in the period."""
        statement = (
            select(T.event_id, func.count().label("tickets"))
            .join_from(table_of(Ticket), table_of(Event), E.id == T.event_id)
            .where(*self._within(organization_id, period, T.purchase_date))
            .group_by(T.event_id)
        )
        return {row.event_id: row.tickets for row in self._run(statement)}

    def by_kind(self, organization_id: OrganizationId, period: Period) -> Sequence[KindSales]:
        """What was issued in the period by each kind of payment."""
        statement = BY_KIND.join(table_of(Event), E.id == T.event_id).where(
            *self._within(organization_id, period, T.purchase_date)
        )
        return kinds_in(self._run(statement))

    def events(self, organization_id: OrganizationId) -> Sequence[Any]:
        """Id, title, start and zone of its events, the one that starts last first."""
        statement = (
            select(E.id, E.title, E.starts_at, E.all_day, E.time_zone)
            .where(E.organization_id == organization_id)
            .order_by(E.starts_at.desc(), E.id.desc())
        )
        return self._run(statement).all()

    def _within(
        self, organization_id: OrganizationId, period: Period, moment: ColumnElement[Any]
    ) -> list[ColumnElement[bool]]:
        of_organization = E.organization_id == organization_id
        if not period.has_bounds:
            return [of_organization]
        zones = self._run(select(E.time_zone).where(of_organization).distinct()).scalars()
        bounds = {zone: period.moments(zone) for zone in zones}
        within = [
            and_(E.time_zone == zone, moment >= since, moment < until)
            for zone, (since, until) in sorted(bounds.items())
        ]
        return [of_organization, or_(False, *within)]
