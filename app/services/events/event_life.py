"""What becomes of an event: a draft that is published, and who sees it before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import EventNotFound, EventNotReady
from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLifeService:
    """Takes events from one state to the next. Each step is one conditional statement."""

    database: Database
    clock: Clock
    signal: WorkSignal

    def show_to_member(self, *, event_id: EventId, reader: User) -> EventListing:
        """One event as buyers will see it, even if it is a draft.

        Raises:
            EventNotFound: there is none, or the reader may not see what is hidden of it: a draft
                does not exist for others, whatever their role in the organization.
        """
        with self.database.reading() as work:
            _, rights = work.event_access.with_rights(reader.actor, event_id)
            if not rights.may(Action.SEE_EVENT):
                raise EventNotFound(event_id)
            return work.events.listing(event_id, with_drafts=True)

    def publish(self, *, event_id: EventId, organizer: User) -> EventListing:
        """Put a draft on sale; one that is published stays as it is.

        Answers it with its hidden ticket types.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventNotReady: it lacks what a sale needs.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            if event.is_draft and not work.event_life.publish(event_id, now=now):
                types = work.ticket_types.of_event(event_id)
                raise EventNotReady(event_id, list(_missing(event, types, now=now)))
            return _shown(work, event_id)

    def pause_sales(self, *, event_id: EventId, organizer: User) -> EventListing:
        """Pause sales: no orders can be placed until they are resumed.

        What is held already can be paid, and check-in goes on. Waiting lists stay as
        they are, and no places are offered. Answers the event with its hidden ticket types.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventIsDraft: nothing of it is sold yet.
            EventIsCancelled: nothing of it is sold any more.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_on_offer()
            work.ticket_types.lock_of_event(event_id)
            work.event_life.pause_sales(event_id, now=now)
            return _shown(work, event_id)

    def resume_sales(self, *, event_id: EventId, organizer: User) -> EventListing:
        """Let orders be placed again; those who wait are offered what is free first.

        Answers the event with its hidden ticket types.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventIsDraft: nothing of it is sold yet.
            EventIsCancelled: nothing of it is sold any more.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_on_offer()
            work.event_life.resume_sales(event_id, now=now)
            listing = _shown(work, event_id)
        self.signal.wake()
        return listing


def _missing(
    event: Event, types: Sequence[TicketType], *, now: datetime
) -> Iterator[dict[str, str]]:
    """What keeps a draft from being published, by the fields of the event."""
    if event.schedule.sells_until <= now:
        yield {"pointer": "/date", "detail": "must be in the future"}
    if all(each.sales_close_at is not None and each.sales_close_at <= now for each in types):
        rule = "needs at least one ticket type whose sale has not ended: give it a later end"
        yield {"pointer": "/ticket_types", "detail": rule}


def _shown(work: UnitOfWork, event_id: EventId) -> EventListing:
    return work.events.listing(event_id, with_hidden=True, with_drafts=True)
