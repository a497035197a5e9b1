"""Selling an order in one statement, for PostgreSQL: SQLite has no INSERT inside WITH."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, bindparam, column, func, insert, literal, select, true

from app.domain.payments.ledger import Line
from app.domain.states import OutboxKind, OutboxStatus, PaymentStatus, TicketStatus
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order, OrderChange
from app.models.payments.ledger import LedgerEntry
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.repositories.base import defaults_of, table_of
from app.repositories.orders.moving import CHANGED, FACTS, NOTED, moving
from app.repositories.payments.payments import SETTLE, settled_values

TICKETS: Final = table_of(Ticket).c
LINES: Final = table_of(LedgerEntry).c
MAILS: Final = table_of(OutboxMessage).c


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment that arrived, and what the provider says about it.

    ``surplus_minor`` is what was charged beyond the payment's amount.
    """

    payment: Payment
    transaction_id: str | None
    fee_minor: int | None
    surplus_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """All that is written down when an order's places are sold, but for the counts of places.

    Attributes:
        charge: what paid for it; ``None`` for a free order.
        posting: the name of its lines in the books.
    """

    order: Order
    tickets: Sequence[Ticket]
    charge: Charge | None
    posting: str
    lines: Sequence[Line]
    actor: str
    at: datetime

    @property
    def settled(self) -> Mapping[str, Any]:
        """What it writes into its payment."""
        return settled_values(
            to=PaymentStatus.SUCCEEDED,
            now=self.at,
            transaction_id=self.charge.transaction_id if self.charge else None,
            fee_minor=self.charge.fee_minor if self.charge else None,
            surplus_minor=self.charge.surplus_minor if self.charge else 0,
        )


AT: Final = bindparam("step_at", type_=TICKETS.purchase_date.type)

OF_TICKET: Final = (
    "number",
    "ticket_type_id",
    "attendee_name",
    "paid_minor",
    "code",
    "key_id",
    "link_key",
)
OF_ITS_ORDER: Final = ("order_id", "user_id", "event_id", "purchase_date")
FRESH: Final = {"status": TicketStatus.VALID, **defaults_of(Ticket)}
"""What every new ticket begins with."""
GIVEN: Final = (
    func.json_to_recordset(bindparam("tickets", type_=JSON))
    .table_valued(*(column(name, TICKETS[name].type) for name in OF_TICKET))
    .render_derived(name="given", with_types=True)
)
ISSUED: Final = (
    insert(table_of(Ticket))
    .from_select(
        [*OF_ITS_ORDER, *FRESH, *OF_TICKET],
        select(
            CHANGED.c.id,
            bindparam("of_buyer", type_=TICKETS.user_id.type),
            bindparam("of_event", type_=TICKETS.event_id.type),
            AT,
            *(literal(value, TICKETS[name].type) for name, value in FRESH.items()),
            *(GIVEN.c[name] for name in OF_TICKET),
        ).join_from(CHANGED, GIVEN, true()),
        include_defaults=False,
    )
    .returning(TICKETS.id, TICKETS.number)
    .cte("issued")
)
PROMISE: Final = {
    "kind": OutboxKind.TICKETS_ISSUED,
    "status": OutboxStatus.DUE,
    **defaults_of(OutboxMessage),
}
"""What every promise of a mail with tickets begins with."""

PROMISED: Final = (
    insert(table_of(OutboxMessage))
    .from_select(
        ["subject_id", "created_at", "work_at", *PROMISE],
        select(
            CHANGED.c.id,
            AT,
            AT,
            *(literal(value, MAILS[name].type) for name, value in PROMISE.items()),
        ),
        include_defaults=False,
    )
    .cte("promised")
)
OF_LINE: Final = ("account", "amount_minor")
BOOKED: Final = (
    func.json_to_recordset(bindparam("lines", type_=JSON))
    .table_valued(*(column(name, LINES[name].type) for name in OF_LINE))
    .render_derived(name="booked", with_types=True)
)
POSTED: Final = (
    insert(table_of(LedgerEntry))
    .from_select(
        ["posting", "currency", "event_id", "at", *OF_LINE],
        select(
            bindparam("line_posting", type_=LINES.posting.type),
            bindparam("line_currency", type_=LINES.currency.type),
            bindparam("of_event", type_=LINES.event_id.type),
            AT,
            *(BOOKED.c[name] for name in OF_LINE),
        ).join_from(CHANGED, BOOKED, true()),
    )
    .cte("posted")
)
SELL: Final = (
    select(ISSUED.c.id, *FACTS)
    .join_from(CHANGED, ISSUED, true())
    .order_by(ISSUED.c.number)
    .add_cte(NOTED, PROMISED, POSTED, SETTLE.cte("settled"))
)
"""Answers the ids of the tickets in order; nothing if the order does not stand as it did."""


def selling(sale: Sale, step: OrderChange) -> dict[str, Any]:
    """The values of ``SELL``; none is called as a column, see ``moving``."""
    order = sale.order
    return {
        **moving(order, step),
        **{f"new_{name}": value for name, value in sale.settled.items()},
        "payment_id": sale.charge.payment.id if sale.charge else None,
        "of_buyer": order.buyer_id,
        "tickets": [{name: getattr(ticket, name) for name in OF_TICKET} for ticket in sale.tickets],
        "line_posting": sale.posting,
        "line_currency": order.currency,
        "lines": [
            {"account": line.account.value, "amount_minor": line.minor} for line in sale.lines
        ],
    }
