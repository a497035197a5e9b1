"""Calendars people keep."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.events.schedules import When


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """An event for a person's calendar. ``uid`` stays the same for ever and everywhere.

    ``revision`` grows with each change; calendars keep the entry with the highest.
    """

    uid: str
    revision: int
    changed_at: datetime
    created_at: datetime
    title: str
    when: When
    location: str
    description: str | None
    category: str | None
    url: str | None
    is_cancelled: bool


class CalendarWriter(Protocol):
    """Writes calendar files."""

    def write(self, entry: CalendarEntry) -> bytes:
        """An iCalendar file (RFC 5545) with this one entry; the same entry, the same bytes."""
        ...
