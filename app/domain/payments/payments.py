"""Payments, as they are found by their reference."""

from dataclasses import dataclass
from typing import Final

from app.domain.ids import EventId, OrderId, PaymentId
from app.domain.states import PaymentStatus

REFERENCE_PREFIX: Final = "TCK-"
"""What our references begin with."""


@dataclass(frozen=True, slots=True)
class LocatedPayment:
    """Where to find a payment, and how it stands."""

    id: PaymentId
    order_id: OrderId
    event_id: EventId
    status: PaymentStatus
