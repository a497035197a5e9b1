"""Payments as our books have them."""

from dataclasses import dataclass

from app.domain.ids import OrderId
from app.domain.states import PaymentStatus


@dataclass(frozen=True, slots=True)
class BookedPayment:
    """A payment as our books have it. What was refunded counts from the refund's recording on."""

    reference: str
    order_id: OrderId
    status: PaymentStatus
    amount_minor: int
    surplus_minor: int
    currency: str
    fee_minor: int | None
    refunded_minor: int
    refund_currency: str | None
