"""Attempts to pay for an order, stored before the provider hears of them."""

from datetime import datetime, timedelta
from typing import Final

from app.domain.ports import IdGenerator
from app.domain.states import PaymentStatus
from app.models.orders.orders import Order
from app.models.payments.payments import Payment
from app.repositories.unit_of_work import UnitOfWork

ASK_FIRST_AFTER: Final = timedelta(minutes=1)
"""When the provider is first asked about an open payment that no webhook settled."""


def begin_payment(work: UnitOfWork, order: Order, *, ids: IdGenerator, now: datetime) -> Payment:
    """Store an attempt to pay under a new reference, before the provider hears of it.

    An order that costs nothing is paid by this alone, without any provider.
    """
    is_free = order.total.is_free
    payment = Payment(
        order_id=order.id,
        event_id=order.event_id,
        reference=ids.payment_reference(),
        status=PaymentStatus.SUCCEEDED if is_free else PaymentStatus.STARTING,
        amount_minor=order.total_minor,
        currency=order.currency,
        authorization_url=None,
        transaction_id=None,
        fee_minor=None,
        surplus_minor=0,
        disputed_at=None,
        reason=None,
        started_at=now,
        settled_at=now if is_free else None,
        # Only matters if this process dies before the provider's answer is stored.
        ask_at=None if is_free else now + ASK_FIRST_AFTER,
    )
    work.payments.begin(payment)
    return payment
