from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select

from app.domain.operations.clocks import LEEWAY
from app.domain.states import OrderStatus, TicketStatus
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, table_of

E: Final = table_of(Event).c
ORDERS: Final = table_of(Order).c
T: Final = table_of(Ticket).c

HOLDS_END_WITHIN: Final = timedelta(minutes=10)
"""How long after an event was cancelled all its holds have ended, work loop permitting."""

TICKETS: Final = (
    select(T.id.label("ticket"), T.order_id, T.purchase_date, E.cancelled_at)
    .join(table_of(Event), E.id == T.event_id)
    .where(T.status == TicketStatus.VALID, T.purchase_date > E.cancelled_at)
    .order_by(T.id)
)
HOLDS: Final = (
    select(ORDERS.id.label("order_id"), ORDERS.expires_at, E.cancelled_at)
    .join(table_of(Event), E.id == ORDERS.event_id)
    .where(
        ORDERS.status == OrderStatus.PENDING,
        E.cancelled_at <= bindparam("cancelled_by", type_=E.cancelled_at.type),
        ORDERS.expires_at > bindparam("beyond", type_=ORDERS.expires_at.type),
    )
    .order_by(ORDERS.id)
)


class CancelledAuditRepository(Repository):
    """The auditor's questions about events that were cancelled."""

    def findings(self, *, now: datetime) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every ticket and hold that breaks I13: the rule, what is wrong, the row.

        A hold that is kept for a provider that does not answer never lasts longer than ``LEEWAY``.
        """
        for ticket in self._run(TICKETS).mappings():
            if ticket["purchase_date"] > ticket["cancelled_at"] + LEEWAY:
                yield "I13", "a ticket was issued after its event was cancelled", dict(ticket)
        for hold in self._run(HOLDS, cancelled_by=now - HOLDS_END_WITHIN, beyond=now + LEEWAY):
            yield "I13", "places of a cancelled event are still held", dict(hold._mapping)
