"""Attendees of an event, and how many of them are inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.actors import Actor
from app.domain.checkin.attendees import AttendeeListing, DoorCounts, HolderAtDoor
from app.domain.checkin.doors import DoorEvent
from app.domain.ids import EventId
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.repositories.database import Database
from app.services.checkin.access import CheckInAccess

MOST_FOUND: Final = 20
"""Holders that one search shows."""


@dataclass(frozen=True, slots=True)
class DoorView:
    """The door of one event at a moment."""

    event: DoorEvent
    counts: DoorCounts
    found: Sequence[HolderAtDoor]
    """Those whom the words that were searched for fit; at most ``MOST_FOUND``."""
    has_more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeService:
    """Shows organizers and their staff the attendees."""

    database: Database
    clock: Clock
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

    def events_at_door(self, *, actor: Actor) -> Sequence[DoorEvent]:
        """The events whose tickets the account may check, the one that starts first before.

        None that is a draft, cancelled or over.
        """
        with self.database.reading() as work:
            return work.gates.events_for(actor, ends_after=self.clock.now())

    def door(self, *, event_id: EventId, actor: Actor, words: str | None) -> DoorView:
        """The door, with the holders of tickets whom ``words`` fit; ``None`` are none.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
            OrganizationRoleMissing: its role in the event's organization does not allow it.
        """
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            counts = work.attendees.counts(event_id)
            found = []
            if words is not None:
                found = work.attendees.at_door(event_id, words, limit=MOST_FOUND + 1)
        return DoorView(event, counts, found[:MOST_FOUND], has_more=len(found) > MOST_FOUND)
