"""Which events a list shows."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to list; ``None`` does not filter. The window of dates excludes its end."""

    category: str | None = None
    words: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    price_min_minor: int | None = None
    price_max_minor: int | None = None
    past: bool = False
    """Also events that are over."""
    cancelled: bool = False
    """Also events that were cancelled."""
