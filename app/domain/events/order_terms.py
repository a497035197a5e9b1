"""What an event asks of its orders."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What orders for an event are subject to. ``None`` sets no limit."""

    title: str
    currency: str
    shared_capacity: int | None
    max_per_buyer: int | None
    cancelled_at: datetime | None
    sales_paused_at: datetime | None
