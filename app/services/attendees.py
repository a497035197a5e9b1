"""Who comes to an event, and how many are there already."""

from app.domain.counts import DoorCounts
from app.domain.doors import Gatekeeper
from app.domain.ids import EventId
from app.domain.paging import Cursor, Page
from app.repositories.attendees import AttendeeListing
from app.repositories.unit_of_work import UnitOfWorkFactory


class AttendeeService:
    """Shows organizers and their staff who comes."""

    def __init__(self, *, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    def counts(self, *, event_id: EventId, gatekeeper: Gatekeeper) -> DoorCounts:
        """How many came.

        Raises:
            EventNotFound: the gatekeeper may not check tickets of the event.
        """
        with self._unit_of_work(read_only=True) as work:
            work.doors.event(event_id, gatekeeper)
            return work.attendees.counts(event_id)

    def ensure_may_watch(self, *, event_id: EventId, gatekeeper: Gatekeeper) -> None:
        """Check that the gatekeeper may know how many came.

        Raises:
            EventNotFound: they may not check tickets of the event.
        """
        with self._unit_of_work(read_only=True) as work:
            work.doors.event(event_id, gatekeeper)

    def current_counts(self, event_id: EventId) -> DoorCounts:
        """How many came, for somebody who was let watch."""
        with self._unit_of_work(read_only=True) as work:
            return work.attendees.counts(event_id)

    def page(
        self,
        *,
        event_id: EventId,
        gatekeeper: Gatekeeper,
        words: str | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[AttendeeListing]:
        """One page of those with tickets, for somebody who has lost theirs.

        Raises:
            EventNotFound: the gatekeeper may not check tickets of the event.
        """
        with self._unit_of_work(read_only=True) as work:
            work.doors.event(event_id, gatekeeper)
            return work.attendees.page(event_id, words=words, after=after, limit=limit)
