"""The auditor's questions about moments that depend on each other."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.domain.checkin.doors import doors_close_at
from app.domain.moments import starts_a_day
from app.domain.operations.clocks import LEEWAY
from app.domain.states import OrderStatus, TicketStatus
from app.models.events.events import Event
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import Order
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, table_of

E: Final = table_of(Event).c
ORDERS: Final = table_of(Order).c
T: Final = table_of(Ticket).c

HOLDS_END_WITHIN: Final = timedelta(minutes=10)
"""How long after an event was cancelled all its holds have ended, work loop permitting."""

OF_EVENTS: Final = select(
    E.id, E.starts_at, E.ends_at, E.all_day, E.doors_open_at, E.time_zone
).order_by(E.id)
OF_TYPES: Final = (
    select(TicketType, Event.starts_at, Event.ends_at)
    .join(Event, Event.id == TicketType.event_id)
    .order_by(TicketType.id)
)
OF_CODES: Final = select(PromoCode.id, PromoCode.valid_from, PromoCode.valid_until).where(
    PromoCode.valid_until <= PromoCode.valid_from
)
TICKETS_OF_CANCELLED: Final = (
    select(T.id.label("ticket"), T.order_id, T.purchase_date, E.cancelled_at)
    .join(table_of(Event), E.id == T.event_id)
    .where(T.status == TicketStatus.VALID, T.purchase_date > E.cancelled_at)
    .order_by(T.id)
)
HOLDS_OF_CANCELLED: Final = (
    select(ORDERS.id.label("order_id"), ORDERS.expires_at, E.cancelled_at)
    .join(table_of(Event), E.id == ORDERS.event_id)
    .where(
        ORDERS.status == OrderStatus.PENDING,
        E.cancelled_at <= bindparam("cancelled_by", type_=E.cancelled_at.type),
        ORDERS.expires_at > bindparam("beyond", type_=ORDERS.expires_at.type),
    )
    .order_by(ORDERS.id)
)


class DatesAuditRepository(Repository):
    def findings(self, *, now: datetime) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every row whose moments do not fit: the rule, what is wrong, the row."""
        yield from self._events()
        yield from self._sales()
        yield from self._cancelled(now)

    def _events(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for event in self._run(OF_EVENTS).mappings():
            row, closes_at = dict(event), doors_close_at(event["starts_at"], event["ends_at"])
            if event["ends_at"] is not None and event["ends_at"] <= event["starts_at"]:
                yield "I12", "the event ends before it starts", row
            if event["all_day"] and not _lasts_whole_days(event):
                yield "I12", "an event of whole days begins or ends within one", row
            if event["doors_open_at"] is not None and event["doors_open_at"] >= closes_at:
                yield "I12", "the doors open when they are closed for good", row

    def _sales(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for ticket_type, starts_at, ends_at in self._db.execute(OF_TYPES):
            unfit = ticket_type.unfit_window(doors_close_at(starts_at, ends_at))
            if unfit is not None:
                facts = {"ticket_type": ticket_type.id, "starts_at": starts_at, "ends_at": ends_at}
                yield "I12", f"a sale does not fit its event: {' '.join(unfit)}", facts
        for code in self._run(OF_CODES).mappings():
            yield "I12", "a promo code ends before it begins", dict(code)

    def _cancelled(self, now: datetime) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Tickets that were issued, and holds that last, after their event was cancelled.

        A hold that is kept for a provider that does not answer never lasts longer than ``LEEWAY``.
        """
        for ticket in self._run(TICKETS_OF_CANCELLED).mappings():
            if ticket["purchase_date"] > ticket["cancelled_at"] + LEEWAY:
                yield "I13", "a ticket was issued after its event was cancelled", dict(ticket)
        held = {"cancelled_by": now - HOLDS_END_WITHIN, "beyond": now + LEEWAY}
        for hold in self._run(HOLDS_OF_CANCELLED, **held).mappings():
            yield "I13", "places of a cancelled event are still held", dict(hold)


def _lasts_whole_days(event: Mapping[Any, Any]) -> bool:
    zone, ends_at = event["time_zone"], event["ends_at"]
    return (
        starts_a_day(event["starts_at"], zone)
        and ends_at is not None
        and starts_a_day(ends_at, zone)
    )
