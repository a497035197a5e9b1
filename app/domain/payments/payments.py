"""Payments and disputes as values."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import EventId, OrderId, PaymentId
from app.domain.states import PaymentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDelivery:
    """A delivery to act on; ``attempts`` counts the leases of it there were."""

    id: int
    event: str
    reference: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class LocatedPayment:
    """Where to find a payment, and how it stands."""

    id: PaymentId
    order_id: OrderId
    event_id: EventId
    status: PaymentStatus


@dataclass(frozen=True, slots=True)
class DisputeReport:
    """What a message says about a dispute; only its id is sure to be there.

    ``amount_minor`` is what the buyer wants back, ``due_at`` until when the shop may answer.
    """

    provider_id: str
    is_resolved: bool
    status: str | None
    category: str | None
    resolution: str | None
    amount_minor: int | None
    due_at: datetime | None

    @property
    def is_lost(self) -> bool:
        """Whether the buyer's bank gets the money: the shop accepted, or did not answer in time."""
        return self.is_resolved and (self.resolution or "").endswith("accepted")


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
