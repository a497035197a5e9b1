"""Events for people's own calendars."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import EventNotFound
from app.domain.ids import EventId
from app.domain.ports import CalendarEntry, CalendarWriter
from app.models.events.events import Event
from app.repositories.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarService:
    """Writes events as calendar files."""

    database: Database
    calendars: CalendarWriter

    def of_event(self, *, event_id: EventId, host: str, url: str | None = None) -> bytes:
        """The event as an iCalendar file.

        Args:
            event_id: which one.
            host: the shop's name on the network; it makes the entry's name unique in the world.
            url: a page to open from the calendar, such as that of a ticket.

        Raises:
            EventNotFound: no event has this id, or it is a draft.
        """
        with self.database.reading() as work:
            event = work.events.get(event_id)
        if event.is_draft:
            raise EventNotFound(event_id)
        changed_at = _changed_at(event)
        return self.calendars.write(
            CalendarEntry(
                uid=f"event-{event.id}@{host}",
                # Seconds grow with every change, and need no counter that others had to keep.
                revision=int((changed_at - event.created_at).total_seconds()),
                changed_at=changed_at,
                created_at=event.created_at,
                title=event.title,
                when=event.when,
                location=event.location,
                description=event.description,
                category=event.category,
                url=url,
                is_cancelled=event.cancelled_at is not None,
            )
        )


def _changed_at(event: Event) -> datetime:
    """When what the calendar shows changed last: cancelling an event is a change."""
    return max(event.updated_at, event.cancelled_at or event.updated_at)
