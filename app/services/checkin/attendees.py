"""Attendees of an event, and how many of them are inside."""

from dataclasses import dataclass

from app.domain.actors import Actor
from app.domain.checkin.attendees import AttendeeListing, DoorCounts
from app.domain.ids import EventId
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.repositories.database import Database
from app.services.checkin.access import CheckInAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeService:
    """Shows organizers and their staff the attendees."""

    database: Database
    access: CheckInAccess

    def counts(self, *, event_id: EventId, actor: Actor) -> DoorCounts:
        """How many came.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
        """
        with self.database.reading() as work:
            self.access.event(work, event_id, actor, Action.SEE_ATTENDEES)
            return work.attendees.counts(event_id)

    def ensure_may_watch(self, *, event_id: EventId, actor: Actor) -> None:
        """Check that the actor may know how many came.

        Raises:
            EventNotFound: they may not check tickets of the event.
        """
        with self.database.reading() as work:
            self.access.event(work, event_id, actor, Action.SEE_ATTENDEES)

    def current_counts(self, event_id: EventId) -> DoorCounts:
        """The counts of an event, for a stream that was allowed."""
        with self.database.reading() as work:
            return work.attendees.counts(event_id)

    def page(
        self,
        *,
        event_id: EventId,
        actor: Actor,
        words: str | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[AttendeeListing]:
        """One page of the holders of tickets, to find the ticket of a person who has lost it.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
        """
        with self.database.reading() as work:
            self.access.event(work, event_id, actor, Action.SEE_ATTENDEES)
            return work.attendees.page(event_id, words=words, after=after, limit=limit)
