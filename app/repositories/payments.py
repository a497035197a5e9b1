from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.errors import PaymentNotFound
from app.domain.ids import OrderId, PaymentId, UserId
from app.domain.states import SETTLED_PAYMENTS, PaymentStatus
from app.models.orders import Order
from app.models.payments import Payment, Refund
from app.repositories.base import REFRESHES, Repository, table_of
from app.repositories.claims import claim_due

P: Final = Payment.__table__.c

BY_REFERENCE: Final = (
    select(Payment, Order)
    .join(Order, Order.id == Payment.order_id)
    .where(Payment.reference == bindparam("reference"))
)
BY_REFERENCE_OF_BUYER: Final = BY_REFERENCE.where(Order.buyer_id == bindparam("buyer_id"))

UNSETTLED: Final = (
    update(table_of(Payment))
    .where(P.id == bindparam("payment_id"), P.status.not_in(SETTLED_PAYMENTS))
    .returning(P.id)
)


@dataclass(frozen=True, slots=True)
class BookedPayment:
    """A payment as our books have it. What was refunded counts from the refund's recording on."""

    reference: str
    order_id: OrderId
    status: PaymentStatus
    amount_minor: int
    currency: str
    fee_minor: int | None
    refunded_minor: int
    refund_currency: str | None


class PaymentRepository(Repository):
    def begin(self, payment: Payment) -> None:
        """Insert an attempt to pay."""
        self._insert_row(payment)

    def get(self, payment_id: PaymentId) -> Payment:
        return self._db.get_one(Payment, payment_id)

    def get_with_order(
        self, reference: str, *, buyer_id: UserId | None = None
    ) -> tuple[Payment, Order]:
        """The payment with this reference and its order; with a ``buyer_id``, only if theirs.

        Raises:
            PaymentNotFound: there is none.
        """
        statement = BY_REFERENCE if buyer_id is None else BY_REFERENCE_OF_BUYER
        values = {"reference": reference, "buyer_id": buyer_id}
        found = self._db.execute(statement, values).one_or_none()
        if found is None:
            raise PaymentNotFound(reference)
        return found[0], found[1]

    def of_order(self, order_id: OrderId) -> Sequence[Payment]:
        """The order's attempts to pay, oldest first."""
        return self._db.scalars(
            select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)
        ).all()

    def unsettled_of(self, order_id: OrderId) -> Sequence[Payment]:
        return self._db.scalars(
            select(Payment).where(
                Payment.order_id == order_id, Payment.status.not_in(SETTLED_PAYMENTS)
            )
        ).all()

    def opened(self, payment_id: PaymentId, *, authorization_url: str, ask_at: datetime) -> Payment:
        """Store the provider's page. A payment that was settled meanwhile keeps its state."""
        is_starting = Payment.status == PaymentStatus.STARTING
        return self._db.scalars(
            update(Payment)
            .where(Payment.id == payment_id)
            .values(
                authorization_url=authorization_url,
                status=case((is_starting, PaymentStatus.OPEN), else_=Payment.status),
                ask_at=case((is_starting, ask_at), else_=Payment.ask_at),
            )
            .returning(Payment)
            .execution_options(**REFRESHES)
        ).one()

    def settle(
        self,
        payment: Payment,
        *,
        to: PaymentStatus,
        now: datetime,
        transaction_id: str | None,
        fee_minor: int | None,
        reason: str | None = None,
    ) -> bool:
        """Bring the payment to its final state unless somebody else did; tell whether it did."""
        return self._move(
            payment,
            status=to,
            settled_at=now,
            transaction_id=transaction_id,
            fee_minor=fee_minor,
            reason=reason,
            ask_at=None,
        )

    def fail(self, payment: Payment, *, reason: str, ask_at: datetime | None) -> bool:
        """Note that the payment did not go through; tell whether it was still unsettled."""
        return self._move(payment, status=PaymentStatus.FAILED, reason=reason[:300], ask_at=ask_at)

    def _move(self, payment: Payment, **values: object) -> bool:
        if self._run(UNSETTLED.values(values), payment_id=payment.id).scalar() is None:
            return False
        for name, value in values.items():
            set_committed_value(payment, name, value)
        return True

    def claim_to_ask(self, *, now: datetime, until: datetime, limit: int) -> Sequence[PaymentId]:
        """Unsettled payments about which the provider should be asked now."""
        return claim_due(
            self._db,
            Payment,
            Payment.status.not_in(SETTLED_PAYMENTS),
            due_at=Payment.ask_at,
            now=now,
            until=until,
            limit=limit,
            asked=Payment.asked + 1,
        )

    def ask_again(self, payment_id: PaymentId, *, at: datetime | None) -> None:
        """Say when to ask the provider about an unsettled payment next; ``None``: never."""
        self._db.execute(
            update(Payment)
            .where(Payment.id == payment_id, Payment.status.not_in(SETTLED_PAYMENTS))
            .values(ask_at=at)
            .execution_options(synchronize_session=False)
        )

    def booked(self, references: Sequence[str]) -> Mapping[str, BookedPayment]:
        """Those of the payments that there are, by reference."""
        statement = (
            select(
                Payment.reference,
                Payment.order_id,
                Payment.status,
                Payment.amount_minor,
                Payment.currency,
                Payment.fee_minor,
                func.coalesce(func.sum(Refund.amount_minor), 0),
                func.min(Refund.currency),
            )
            .outerjoin(Refund, Refund.payment_id == Payment.id)
            .where(Payment.reference.in_(references))
            .group_by(Payment.id)
        )
        return {row[0]: BookedPayment(*row) for row in self._db.execute(statement)}

    def settled_since(self, since: datetime | None) -> Sequence[str]:
        """References of payments begun since then, or ever, for which the provider took money."""
        statement = select(Payment.reference).where(
            Payment.status.in_(SETTLED_PAYMENTS), Payment.amount_minor > 0
        )
        if since is not None:
            statement = statement.where(Payment.started_at >= since)
        return self._db.scalars(statement.order_by(Payment.id)).all()
