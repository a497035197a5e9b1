"""Categories of events."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A category, and how many of its events are on or lie ahead."""

    name: str
    events: int


@dataclass(frozen=True, slots=True)
class EventsMark:
    """What is different once an event was created, changed, published or cancelled."""

    newest: int | None
    updated_at: datetime | None
    cancelled_at: datetime | None
