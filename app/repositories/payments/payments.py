from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Executable,
    Row,
    Update,
    and_,
    bindparam,
    case,
    literal,
    null,
    or_,
    select,
    update,
)

from app.database.leases import store_leased, take_lease
from app.domain.errors import PaymentNotFound
from app.domain.ids import OrderId, PaymentId, UserId
from app.domain.operations.leases import Lease
from app.domain.payments.payments import LocatedPayment
from app.domain.states import SETTLED_PAYMENTS, PaymentStatus
from app.models.orders.orders import Order, OrderItem
from app.models.payments.payments import Payment
from app.repositories.base import Repository, RowsOf, filled, show, table_of

P: Final = table_of(Payment).c
ORDER: Final = table_of(Order).c
ITEM: Final = table_of(OrderItem).c

PAYMENTS: Final = RowsOf(Payment)
ORDERS: Final = RowsOf(Order)
ITEMS: Final = RowsOf(OrderItem)
ORDER_FROM: Final = len(PAYMENTS.columns)
ITEM_FROM: Final = ORDER_FROM + len(ORDERS.columns)

OF_PAYMENT: Final = and_(ORDER.id == P.order_id, ORDER.event_id == P.event_id)

BY_REFERENCE: Final = (
    select(*PAYMENTS.columns, *ORDERS.columns)
    .join_from(table_of(Payment), table_of(Order), OF_PAYMENT)
    .where(P.reference == bindparam("reference"))
)
BY_REFERENCE_OF_BUYER: Final = BY_REFERENCE.where(ORDER.buyer_id == bindparam("buyer_id"))

PLACE: Final = (P.id, P.order_id, P.event_id, P.status)
LOCATE: Final = BY_REFERENCE.with_only_columns(*PLACE, maintain_column_froms=True)
LOCATE_OF_BUYER: Final = BY_REFERENCE_OF_BUYER.with_only_columns(*PLACE, maintain_column_froms=True)

WITH_ITEMS: Final = (
    select(*PAYMENTS.columns, *ORDERS.columns, *ITEMS.columns)
    .join_from(table_of(Payment), table_of(Order), OF_PAYMENT)
    .join(table_of(OrderItem), and_(ITEM.order_id == ORDER.id, ITEM.event_id == ORDER.event_id))
    .where(
        P.id == bindparam("payment_id"),
        # Said of each table, or PostgreSQL may go through all orders in a shop so young that it
        # still believes that there are none.
        ORDER.id == bindparam("order_id"),
        ITEM.order_id == bindparam("order_id"),
        ORDER.event_id == bindparam("event_id"),
    )
    .order_by(ITEM.ticket_type_id)
    # PostgreSQL locks in this order, as all others do: the order first.
    .with_for_update(of=[table_of(Order), table_of(Payment)])
)

NOT_OPENED: Final = or_(
    P.status == PaymentStatus.STARTING,
    # Paystack was asked about it before it knew of it.
    and_(P.status == PaymentStatus.FAILED, P.authorization_url.is_(None)),
)
THIS: Final = and_(P.id == bindparam("payment_id"), P.event_id == bindparam("of_event"))
OPENED: Final = (
    update(table_of(Payment))
    .where(THIS)
    .values(
        authorization_url=bindparam("page"),
        status=case((NOT_OPENED, PaymentStatus.OPEN), else_=P.status),
        ask_at=case((NOT_OPENED, bindparam("then")), else_=P.ask_at),
    )
    .returning(P.status, P.ask_at)
)
UNSETTLED: Final = (
    update(table_of(Payment))
    # One by one: a list is spelled out anew for each call.
    .where(THIS, *(P.status != status for status in SETTLED_PAYMENTS))
    .returning(P.id)
)
SETTLED: Final = (
    "status",
    "settled_at",
    "transaction_id",
    "fee_minor",
    "surplus_minor",
    "reason",
    "ask_at",
    "leased_until",
)
SETTLE: Final = UNSETTLED.values({name: bindparam(f"new_{name}") for name in SETTLED})
FAILED: Final = ("status", "reason", "ask_at")
FAIL: Final = UNSETTLED.values({name: bindparam(f"new_{name}") for name in FAILED})
STANDING: Final = select(P.reference, P.status).where(
    P.reference.in_(bindparam("references", expanding=True))
)


class PaymentRepository(Repository):
    def begin(self, payment: Payment) -> None:
        self._insert_row(payment)

    def get(self, payment_id: PaymentId) -> Payment:
        """The payment.

        Raises:
            PaymentNotFound: there is none of this id.
        """
        payment = self._db.get(Payment, payment_id)
        if payment is None:
            raise PaymentNotFound(str(payment_id))
        return payment

    def locate(self, reference: str, *, buyer_id: UserId | None = None) -> LocatedPayment:
        """Which payment has this reference; with a ``buyer_id``, only if theirs.

        Raises:
            PaymentNotFound: there is none.
        """
        statement = LOCATE if buyer_id is None else LOCATE_OF_BUYER
        return filled(LocatedPayment, self._referred(statement, reference, buyer_id))

    def get_with_order(
        self, reference: str, *, buyer_id: UserId | None = None
    ) -> tuple[Payment, Order]:
        """The payment with this reference and its order; with a ``buyer_id``, only if theirs.

        Raises:
            PaymentNotFound: there is none.
        """
        statement = BY_REFERENCE if buyer_id is None else BY_REFERENCE_OF_BUYER
        row = self._referred(statement, reference, buyer_id)
        return PAYMENTS.one(row[:ORDER_FROM]), ORDERS.one(row[ORDER_FROM:])

    def _referred(
        self, statement: Executable, reference: str, buyer_id: UserId | None
    ) -> Row[*tuple[Any, ...]]:
        row = self._run(statement, reference=reference, buyer_id=buyer_id).one_or_none()
        if row is None:
            raise PaymentNotFound(reference)
        return row

    def lock_with_order(self, located: LocatedPayment) -> tuple[Payment, Order]:
        """Both as they are now, kept from other writers, the order with its items.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.
        PostgreSQL shows what it locks as it is after the wait, and all else as it was before;
        so the payment is locked too. Items never change.
        """
        rows: Sequence[Row[*tuple[Any, ...]]] = self._run(
            WITH_ITEMS,
            payment_id=located.id,
            order_id=located.order_id,
            event_id=located.event_id,
        ).all()
        items = [ITEMS.one(row[ITEM_FROM:]) for row in rows]
        order = ORDERS.one(rows[0][ORDER_FROM:ITEM_FROM], items=items)
        return PAYMENTS.one(rows[0][:ORDER_FROM]), order

    def of_order(self, order_id: OrderId) -> Sequence[Payment]:
        """The order's attempts to pay, oldest first."""
        return self._db.scalars(
            select(Payment)
            .where(Payment.order_id == order_id)
            .order_by(Payment.started_at, Payment.id)
        ).all()

    def unsettled_of(self, order_id: OrderId) -> Sequence[Payment]:
        return self._db.scalars(
            select(Payment).where(
                Payment.order_id == order_id, Payment.status.not_in(SETTLED_PAYMENTS)
            )
        ).all()

    def opened(self, payment: Payment, *, authorization_url: str, ask_at: datetime) -> None:
        """Store the provider's page. A payment that is settled by now keeps its state."""
        now = self._run(
            OPENED,
            payment_id=payment.id,
            of_event=payment.event_id,
            page=authorization_url,
            then=ask_at,
        ).one()
        show(payment, authorization_url=authorization_url, status=now.status, ask_at=now.ask_at)

    def settle(
        self,
        payment: Payment,
        *,
        to: PaymentStatus,
        now: datetime,
        transaction_id: str | None,
        fee_minor: int | None,
        surplus_minor: int = 0,
        reason: str | None = None,
    ) -> bool:
        """Bring the payment to its final state unless it has one; tell whether it did."""
        settled = {
            "status": to,
            "settled_at": now,
            "transaction_id": transaction_id,
            "fee_minor": fee_minor,
            "surplus_minor": surplus_minor,
            "reason": reason,
            "ask_at": None,
            "leased_until": None,
        }
        return self._move(SETTLE, payment, settled)

    def fail(self, payment: Payment, *, reason: str, ask_at: datetime | None) -> bool:
        """Note that the payment did not go through; tell whether it was still unsettled."""
        failed = {"status": PaymentStatus.FAILED, "reason": reason[:300], "ask_at": ask_at}
        return self._move(FAIL, payment, failed)

    def _move(self, statement: Update, payment: Payment, values: Mapping[str, Any]) -> bool:
        new = {f"new_{name}": value for name, value in values.items()}
        found = self._run(statement, payment_id=payment.id, of_event=payment.event_id, **new)
        if found.scalar() is None:
            return False
        show(payment, **values)
        return True

    def take_to_ask(self, *, now: datetime, lasts: timedelta) -> Lease | None:
        """The next unsettled payment to ask the provider about, for this worker alone."""
        return take_lease(
            self._db,
            Payment,
            Payment.status.not_in(SETTLED_PAYMENTS),
            due_at=Payment.ask_at,
            now=now,
            lasts=lasts,
            asked=Payment.asked + 1,
        )

    def ask_soon(self, payment_id: PaymentId, *, at: datetime) -> None:
        """Say when to ask the provider about an unsettled payment; a worker that does keeps it."""
        self._db.execute(
            update(Payment)
            .where(Payment.id == payment_id, Payment.status.not_in(SETTLED_PAYMENTS))
            .values(ask_at=at)
        )

    def ask_again(self, lease: Lease, *, at: datetime | None) -> None:
        """Say when to ask the provider next about a payment; ``None``: never.

        Raises:
            LeaseLost: another worker has it.
        """
        is_settled = Payment.status.in_(SETTLED_PAYMENTS)
        again_at = case((is_settled, null()), else_=literal(at, Payment.ask_at.type))
        store_leased(self._db, Payment, lease, ask_at=again_at)

    def standing(self, references: Sequence[str]) -> Mapping[str, PaymentStatus]:
        """How those of the payments stand that there are, by reference."""
        rows = self._run(STANDING, references=list(references))
        return {row.reference: row.status for row in rows}
