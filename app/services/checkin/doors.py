"""The door of an event as people with an account see it: which they check, and its attendees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.actors import Actor
from app.domain.checkin.attendees import DoorCounts, HolderAtDoor
from app.domain.checkin.doors import DoorEvent
from app.domain.ids import EventId
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
class DoorService:
    """Shows members and gate staff what they need to check tickets, and nothing else.

    Attributes:
        database: the shop's.
        clock: tells the time.
        access: the access policy of check-in.
    """

    database: Database
    clock: Clock
    access: CheckInAccess

    def events(self, *, actor: Actor) -> Sequence[DoorEvent]:
        """The events whose tickets the account may check, the one that starts first before.

        None that is a draft, cancelled or over.
        """
        with self.database.reading() as work:
            return work.gates.events_for(actor, ends_after=self.clock.now())

    def show(self, *, event_id: EventId, actor: Actor, words: str | None) -> DoorView:
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
