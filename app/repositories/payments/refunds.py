from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from app.database.leases import renew_lease, store_leased, take_lease
from app.domain.ids import EventId, OrderId, PaymentId, RefundId
from app.domain.money import Money
from app.domain.operations.leases import Lease
from app.domain.payments.ledger import Account
from app.domain.states import (
    CLOSED_BY_PEOPLE,
    STUCK_REFUNDS,
    OrderStatus,
    PaymentStatus,
    RefundState,
    TicketStatus,
)
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.payments.disputes import Dispute
from app.models.payments.ledger import LedgerEntry
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, table_of, values_of

ENDED: Final = (RefundState.PROCESSED, RefundState.FAILED, RefundState.TO_HAND_BACK)
"""Nothing is to be done about them at the provider."""

R: Final = table_of(Refund).c
P: Final = table_of(Payment).c
D: Final = table_of(Dispute).c
L: Final = table_of(LedgerEntry).c

T: Final = table_of(Ticket).c

REFUNDED_OF_TICKET: Final = func.coalesce(
    T.refunded_minor, case((T.status == TicketStatus.VOID, T.paid_minor), else_=0)
)
"""Minor units of a ticket that went back, as its model says it."""

REFUNDED: Final = (
    select(func.coalesce(func.sum(R.amount_minor), 0))
    .where(R.payment_id == P.id, R.event_id == P.event_id)
    .scalar_subquery()
)
TAKEN_BY_BANKS: Final = (
    select(func.coalesce(func.sum(L.amount_minor), 0))
    .join_from(
        table_of(Dispute),
        table_of(LedgerEntry),
        and_(
            L.posting == literal("dispute-lost:") + cast(D.id, String(20)),
            L.account == Account.DISPUTES,
            L.event_id == D.event_id,
        ),
    )
    .where(D.payment_id == P.id, D.event_id == P.event_id)
    .scalar_subquery()
)

LEFT: Final = P.amount_minor - REFUNDED - TAKEN_BY_BANKS
"""What of a payment's price neither went back nor was taken by a bank, in minor units."""


def _left(*payment: ColumnElement[bool]) -> Select[tuple[int, str]]:
    return select(LEFT, P.currency).where(P.status == PaymentStatus.SUCCEEDED, *payment)


def _payable(left: int, currency: str) -> int:
    """What a refund can pay of it: a bank may leave a part of a coin, or less than nothing."""
    return Money(max(0, int(left)), currency).in_whole_coins.minor


class RefundRepository(Repository):
    def get(self, refund_id: RefundId) -> Refund:
        return self._db.get_one(Refund, refund_id)

    def lock_paid(self, order_id: OrderId) -> Payment:
        """The payment that bought the order's tickets; other refunds and disputes of it wait.

        What is read of them behind this stays so until the transaction ends.
        """
        return self._db.scalars(
            select(Payment)
            .where(Payment.order_id == order_id, Payment.status == PaymentStatus.SUCCEEDED)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one()

    def left_of(self, order_id: OrderId) -> int:
        """Minor units that can still be refunded of what an order was paid; 0 if it was not.

        In whole coins: of the rest, the provider pays nothing.
        """
        found = self._run(_left(P.order_id == order_id)).one_or_none()
        return 0 if found is None else _payable(*found)

    def left_after(self, refund: Refund, order_id: OrderId) -> int:
        """Minor units that could still be refunded of the order when this refund was recorded."""
        later = [
            each.amount_minor
            for each in self.of_payment(refund.payment_id)
            if each.requested_at > refund.requested_at
        ]
        return self.left_of(order_id) + sum(later)

    def record(self, refund: Refund) -> Refund | None:
        """Insert a refund of a payment that bought tickets if so much of it is left.

        One conditional INSERT: the statement that writes the refund decides, and notes what banks
        had taken by then. The payment is locked (``lock_paid``), so that the statement sees every
        refund before it. ``None``: less is left.
        """
        given = values_of(refund)
        values = [literal(value, R[name].type) for name, value in given.items()]
        taken = select(TAKEN_BY_BANKS).where(P.id == refund.payment_id).scalar_subquery()
        left = _left(P.id == refund.payment_id).with_only_columns(LEFT).scalar_subquery()
        row = select(*values, taken)
        if refund.amount_minor:
            row = row.where(left >= refund.amount_minor)
        columns = [*given, R.taken_minor.name]
        statement = insert(table_of(Refund)).from_select(columns, row).returning(R.id)
        refund_id = self._connection.execute(statement).scalar()
        return None if refund_id is None else self._db.get_one(Refund, refund_id)

    def of_payment(self, payment_id: PaymentId) -> Sequence[Refund]:
        return self._db.scalars(
            select(Refund)
            .where(Refund.payment_id == payment_id)
            .order_by(Refund.requested_at, Refund.id)
        ).all()

    def take(self, *, now: datetime, lasts: timedelta) -> Lease | None:
        """The next refund to send to the provider, or to ask it about, for this worker alone."""
        return take_lease(
            self._db,
            Refund,
            Refund.state.not_in(ENDED),
            due_at=Refund.ask_at,
            wanted_at=Refund.wanted_at,
            now=now,
            lasts=lasts,
            asked=Refund.asked + 1,
        )

    def note_sent(self, lease: Lease, *, now: datetime, lasts: timedelta) -> Lease:
        """Renew the lease to send the refund now.

        Raises:
            LeaseLost: another worker has it.
        """
        return renew_lease(self._db, Refund, lease, now=now, lasts=lasts, sent_at=now)

    def store(self, lease: Lease, **values: Any) -> None:
        """Store what came of it, and end the lease.

        Raises:
            LeaseLost: another worker has it.
        """
        store_leased(self._db, Refund, lease, **values)

    def send_again(self, refund_id: RefundId, *, now: datetime, sent_by: datetime) -> bool:
        """Have a failed refund made anew; tell whether it still was failed.

        Nothing of it is under way, so what was sent counts as sent before ``sent_by``.
        """
        return self._change(
            refund_id,
            (RefundState.FAILED,),
            state=RefundState.REQUESTED,
            provider_id=None,
            ended_at=None,
            ask_at=now,
            sent_at=case((Refund.sent_at < sent_by, Refund.sent_at), else_=sent_by),
        )

    def close(self, refund_id: RefundId, *, now: datetime, done_by: str, done_note: str) -> bool:
        """Take a refund as done that waits for a person; tell whether it still did.

        A worker that holds it loses its lease.
        """
        return self._change(
            refund_id,
            CLOSED_BY_PEOPLE,
            state=RefundState.PROCESSED,
            ended_at=now,
            ask_at=None,
            wanted_at=None,
            lease_token=Refund.lease_token + 1,
            done_by=done_by,
            done_note=done_note,
        )

    def adopt(self, refund_id: RefundId, *, provider_id: str, now: datetime) -> bool:
        """Follow the provider's refund in place of the one that failed; tell whether it had."""
        return self._change(
            refund_id,
            (RefundState.FAILED,),
            state=RefundState.PENDING,
            provider_id=provider_id,
            ended_at=None,
            ask_at=now,
        )

    def _change(self, refund_id: RefundId, states: Sequence[RefundState], **values: Any) -> bool:
        statement = (
            update(Refund)
            .where(Refund.id == refund_id, Refund.state.in_(states))
            .values(**values)
            .returning(Refund.id)
        )
        return self._db.scalar(statement) is not None

    def count_stuck(self) -> int:
        """How many refunds want a person."""
        stuck = select(func.count()).where(Refund.state.in_(STUCK_REFUNDS))
        return int(self._db.scalar(stuck) or 0)

    def note_news(self, payment_id: PaymentId, *, now: datetime) -> None:
        """The provider said something about the payment's refunds: look at those not ended.

        Also at those that wait for the buyer's bank details: the provider has them, it seems. A
        worker that has one keeps it; then it is looked at once more.
        """
        self._db.execute(
            update(Refund)
            .where(Refund.payment_id == payment_id, Refund.state.not_in(ENDED))
            .values(wanted_at=now)
        )

    def due_for_cancelled(self, *, limit: int) -> Sequence[OrderId]:
        """Paid orders of cancelled events that still have tickets to take back."""
        has_tickets = exists().where(
            Ticket.order_id == Order.id,
            Ticket.event_id == Order.event_id,
            Ticket.status == TicketStatus.VALID,
        )
        cancelled = select(Event.id).where(Event.cancelled_at.is_not(None))
        return self._db.scalars(
            select(Order.id)
            .where(Order.event_id.in_(cancelled), Order.status == OrderStatus.PAID, has_tickets)
            # In the order of the index: by the id alone, it would go through all orders.
            .order_by(Order.event_id, Order.id)
            .limit(limit)
        ).all()

    def of_cancelled(self, event_id: EventId) -> tuple[int, int, int, int]:
        """Orders and minor units still to be refunded, and those that have been."""
        left = self._db.execute(
            select(
                func.count(Ticket.order_id.distinct()),
                func.coalesce(func.sum(Ticket.paid_minor - REFUNDED_OF_TICKET), 0),
            ).where(Ticket.event_id == event_id, Ticket.status == TicketStatus.VALID)
        ).one()
        minor_left = int(left[1]) - self._taken_by_banks(event_id)
        done = self._db.execute(
            select(
                func.count(Ticket.order_id.distinct()),
                func.coalesce(func.sum(REFUNDED_OF_TICKET), 0),
            ).where(Ticket.event_id == event_id, Ticket.refund_id.is_not(None))
        ).one()
        return int(left[0]), minor_left, int(done[0]), int(done[1])

    def _taken_by_banks(self, event_id: EventId) -> int:
        """Minor units of an event's valid tickets that are not refunded: banks took them back."""
        owed = (
            select(func.coalesce(func.sum(T.paid_minor - REFUNDED_OF_TICKET), 0))
            .where(T.order_id == P.order_id, T.event_id == P.event_id)
            .where(T.status == TicketStatus.VALID)
            .scalar_subquery()
        )
        disputed = select(D.payment_id).where(D.event_id == event_id)
        found = self._run(_left(P.id.in_(disputed), P.event_id == event_id).add_columns(owed))
        return sum(max(0, int(owed) - _payable(left, currency)) for left, currency, owed in found)
