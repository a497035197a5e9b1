from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update

from app.domain.events.lists import Progress
from app.domain.ids import AnnouncementId, EventId, UserId
from app.domain.paging import Cursor, Page
from app.domain.states import AnnouncementKind, OutboxKind, OutboxStatus, TicketStatus
from app.models.events.announcements import Announcement
from app.models.events.events import Event
from app.models.operations.outbox import OutboxMessage
from app.models.payments.payments import Refund
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository


class AnnouncementRepository(Repository):
    def get(self, announcement_id: AnnouncementId) -> Announcement:
        return self._db.get_one(Announcement, announcement_id)

    def due(self, *, now: datetime, limit: int) -> Sequence[AnnouncementId]:
        """Announcements to go on with, the longest due first."""
        return self._db.scalars(
            select(Announcement.id)
            .where(Announcement.work_at <= now)
            .order_by(Announcement.work_at, Announcement.id)
            .limit(limit)
        ).all()

    def lock_due(self, announcement_id: AnnouncementId, *, now: datetime) -> Announcement | None:
        """The announcement, kept from other workers until this transaction ends.

        ``None``: one of them has it, or went on with it.
        """
        return self._db.scalar(
            select(Announcement)
            .where(Announcement.id == announcement_id, Announcement.work_at <= now)
            .with_for_update(skip_locked=True)
        )

    def holders(
        self, event_id: EventId, *, after: UserId, limit: int, refunded_for: str | None
    ) -> Sequence[UserId]:
        """The next users with tickets of the event, each once, by their ids.

        Args:
            event_id: whose tickets.
            after: where the ones before ended.
            limit: how many at most.
            refunded_for: also those whose tickets were taken back for this reason.
        """
        is_good: ColumnElement[bool] = (
            Ticket.status == TicketStatus.VALID
        ) & Ticket.revoked_at.is_(None)
        if refunded_for is not None:
            came_with_it = select(Refund.id).where(
                Refund.event_id == event_id, Refund.reason == refunded_for
            )
            is_good = or_(is_good, Ticket.refund_id.in_(came_with_it))
        return self._db.scalars(
            select(Ticket.user_id)
            .where(Ticket.event_id == event_id, Ticket.user_id > after, is_good)
            .distinct()
            .order_by(Ticket.user_id)
            .limit(limit)
        ).all()

    def count_holders(self, event_id: EventId, *, after: UserId | None = None) -> int:
        """How many users have valid tickets of the event; of those behind ``after``, if given."""
        counted = select(func.count(Ticket.user_id.distinct())).where(
            Ticket.event_id == event_id,
            Ticket.status == TicketStatus.VALID,
            Ticket.revoked_at.is_(None),
        )
        if after is not None:
            counted = counted.where(Ticket.user_id > after)
        return int(self._db.scalar(counted) or 0)

    def messages(
        self, event_id: EventId, *, after: Cursor | None, limit: int
    ) -> Page[Announcement]:
        """One page of what the organizer wrote to the event's holders, the newest first."""
        statement = select(Announcement).where(
            Announcement.event_id == event_id, Announcement.kind == AnnouncementKind.MESSAGE
        )
        moment, key = Announcement.created_at, Announcement.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return page.of(lambda row: row.Announcement)

    def progress(self, message: Announcement) -> Progress:
        """How the mails of a message stand, and how many of them are not made yet."""
        preparing = 0
        if message.work_at is not None:
            preparing = self.count_holders(message.event_id, after=message.after_user_id)
        rows = self._db.execute(
            select(OutboxMessage.status, func.count().label("mails"))
            .where(
                OutboxMessage.kind == OutboxKind.EVENT_MESSAGE,
                OutboxMessage.subject_id == message.id,
            )
            .group_by(OutboxMessage.status)
        )
        found = {row.status: int(row.mails) for row in rows}
        return Progress(
            preparing=preparing,
            due=found.get(OutboxStatus.DUE, 0),
            sent=found.get(OutboxStatus.SENT, 0),
            failed=found.get(OutboxStatus.DEAD, 0),
            dropped=found.get(OutboxStatus.DROPPED, 0),
        )

    def advance(
        self, announcement_id: AnnouncementId, *, after: UserId, work_at: datetime | None
    ) -> None:
        """Note how far it is, unless another worker is farther; ``None``: everybody was told."""
        self._db.execute(
            update(Announcement)
            .where(Announcement.id == announcement_id, Announcement.after_user_id <= after)
            .values(after_user_id=after, work_at=work_at)
        )

    def to_remind_of(self, *, after: datetime, until: datetime, limit: int) -> Sequence[EventId]:
        """Events that begin in the window and were not reminded of, the next first."""
        return self._db.scalars(
            select(Event.id)
            .where(*_unreminded(after, until))
            .order_by(Event.starts_at, Event.id)
            .limit(limit)
        ).all()

    def mark_reminded(
        self, event_id: EventId, *, after: datetime, until: datetime, now: datetime
    ) -> bool:
        """Mark such an event as reminded of; tell whether it was not yet.

        One conditional UPDATE: of many workers one gets each event.
        """
        marked = (
            update(Event)
            .where(Event.id == event_id, *_unreminded(after, until))
            .values(reminded_at=now)
            .returning(Event.id)
        )
        return self._db.scalar(marked) is not None


def _unreminded(after: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [
        Event.starts_at > after,
        Event.starts_at <= until,
        Event.reminded_at.is_(None),
        Event.cancelled_at.is_(None),
        Event.is_draft.is_(False),
    ]
