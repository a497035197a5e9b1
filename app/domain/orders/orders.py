"""Orders as values: their terms, how they are looked for, and moved."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.states import OrderStatus


@dataclass(frozen=True, slots=True)
class Moved:
    """What else has to follow a change of an order's status."""

    shares_capacity: bool
    """The event counts places of all types together. Reliable behind a lock of the type."""
    was_offered: bool
    """It came from the waiting list."""
    is_cancelled: bool
    """The event was cancelled. Reliable behind a lock of the type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders to list; ``None`` does not filter.

    ``words`` is what a caller quotes: the number of the order, the reference of a payment, the
    short code of a ticket, or a part of the buyer's user name, full name or address, or of an
    attendee's name, in any case.
    """

    status: OrderStatus | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What orders for an event are subject to. ``None`` sets no limit."""

    title: str
    currency: str
    shared_capacity: int | None
    max_per_buyer: int | None
    cancelled_at: datetime | None
    sales_paused_at: datetime | None
