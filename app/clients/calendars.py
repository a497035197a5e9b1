"""Calendar files after RFC 5545, by the ``icalendar`` package."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from app.domain.events.schedules import When
from app.domain.ports import CalendarEntry

PRODUCT: Final = "-//Event Ticketing System API//EN"

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What RFC 5545, section 3.1, allows in no text. Line breaks are written as ``\\n``, tabs stay."""


class IcsCalendars:
    """Writes ``.ics`` files.

    Moments are in UTC: every calendar shows them in its reader's own zone, and no table of zones
    has to travel with them. Whole days are dates, the same for every reader.
    """

    def write(self, entry: CalendarEntry) -> bytes:
        """The file with this one entry."""
        # Loaded when first needed: loading it takes a twentieth of a second.
        from icalendar import Calendar, Event

        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", _utc(entry.changed_at))
        event.add("created", _utc(entry.created_at))
        event.add("last-modified", _utc(entry.changed_at))
        event.add("sequence", entry.revision)
        event.add("summary", entry.title)
        for name, value in _times(entry.when):
            event.add(name, value)
        event.add("location", entry.location)
        if entry.description:
            event.add("description", _CONTROLS.sub("", entry.description))
        if entry.category:
            event.add("categories", [entry.category])
        if entry.url:
            event.add("url", entry.url)
        event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add_component(event)
        content: bytes = calendar.to_ical()
        return content


def _times(when: When) -> Iterator[tuple[str, date]]:
    """When it begins and ends; days as RFC 5545 has them, whose end is the day behind the last."""
    if when.all_day:
        yield "dtstart", when.first_day
        yield "dtend", when.last_day + timedelta(days=1)
        return
    yield "dtstart", _utc(when.starts_at)
    if when.ends_at is not None:
        yield "dtend", _utc(when.ends_at)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
