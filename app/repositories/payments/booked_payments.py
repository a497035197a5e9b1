from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, func, select

from app.domain.payments.payments import BookedPayment
from app.domain.states import SETTLED_PAYMENTS, OrderKind
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.repositories.base import Repository, filled


class BookedPaymentRepository(Repository):
    """Payments as our books have them, to compare with the provider's."""

    def booked(self, references: Sequence[str]) -> Mapping[str, BookedPayment]:
        """Those of the payments that there are, by reference."""
        statement = (
            select(
                Payment.reference,
                Payment.order_id,
                Payment.status,
                Payment.amount_minor,
                Payment.surplus_minor,
                Payment.currency,
                Payment.fee_minor,
                func.coalesce(func.sum(Refund.amount_minor), 0).label("refunded_minor"),
                func.min(Refund.currency).label("refund_currency"),
            )
            .outerjoin(
                Refund, and_(Refund.payment_id == Payment.id, Refund.event_id == Payment.event_id)
            )
            .where(Payment.reference.in_(references))
            .group_by(Payment.id)
        )
        return {
            row.reference: filled(BookedPayment, row) for row in self._db.execute(statement).all()
        }

    def settled_since(self, since: datetime | None) -> Sequence[str]:
        """References of payments begun since then, or ever, for which the provider took money."""
        statement = (
            select(Payment.reference)
            .join(Order, and_(Order.id == Payment.order_id, Order.event_id == Payment.event_id))
            .where(
                Payment.status.in_(SETTLED_PAYMENTS),
                Payment.amount_minor > 0,
                Order.kind != OrderKind.CASH,
            )
        )
        if since is not None:
            statement = statement.where(Payment.started_at >= since)
        return self._db.scalars(statement.order_by(Payment.started_at, Payment.id)).all()
