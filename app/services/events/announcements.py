"""Announcements: messages to all who hold tickets of an event."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.checkin.doors import doors_close_at
from app.domain.ids import AnnouncementId, EventId
from app.domain.moments import spoken, written_days
from app.domain.payments.refund_notes import EVENT_CANCELLED
from app.domain.ports import Clock
from app.domain.states import AnnouncementKind, OutboxKind
from app.models.events.announcements import Announcement
from app.models.events.events import Event
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always

REMIND_WITHIN: Final = timedelta(hours=24)
REMIND_UNTIL: Final = timedelta(hours=1)
"""How long before the start reminders end: holders are on their way then."""

MESSAGE_OF: Final = {
    AnnouncementKind.CHANGED: OutboxKind.EVENT_CHANGED,
    AnnouncementKind.CANCELLED: OutboxKind.EVENT_CANCELLED,
    AnnouncementKind.REMINDER: OutboxKind.EVENT_REMINDER,
    AnnouncementKind.MESSAGE: OutboxKind.EVENT_MESSAGE,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What ticket holders have to know of an event, as they read it."""

    title: str
    start: str
    end: str | None
    doors: str | None
    place: str
    time_zone: str

    @classmethod
    def of(cls, event: Event) -> "Shown":
        def read(moment: datetime | None) -> str | None:
            return None if moment is None else spoken(moment, event.time_zone)

        when = event.when
        days = written_days(when.first_day, when.last_day) if event.all_day else None
        return cls(
            title=event.title,
            start=days or spoken(event.starts_at, event.time_zone),
            # Days are told with both their ends.
            end=None if days else read(event.ends_at),
            doors=read(event.doors_open_at),
            place=event.location,
            time_zone=event.time_zone,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementService:
    """Turns announcements into messages, some ticket holders at a time."""

    database: Database
    clock: Clock

    def remind_due(self, *, limit: int = 20, keep_going: KeepGoing = always) -> int:
        """Announce what begins within a day, and in more than an hour; tell how many events do."""
        return ItemRunner(self.database, self.clock).each(
            "reminders",
            lambda work, most: work.announcements.to_remind_of(**self._window(), limit=most),
            self._remind_of,
            limit=limit,
            keep_going=keep_going,
        )

    def tell_due(self, *, limit: int = 200, keep_going: KeepGoing = always) -> int:
        """Record the messages to the next ``limit`` holders of each due announcement.

        Any number of workers may do so: each batch is one transaction, which keeps its announcement
        from the others. Tells how many were due.
        """
        return ItemRunner(self.database, self.clock).each(
            "announcements",
            lambda work, most: work.announcements.due(now=self.clock.now(), limit=most),
            lambda announcement_id: self._tell(announcement_id, limit=limit),
            limit=5,
            keep_going=keep_going,
        )

    def _window(self) -> dict[str, datetime]:
        now = self.clock.now()
        return {"after": now + REMIND_UNTIL, "until": now + REMIND_WITHIN}

    def _remind_of(self, event_id: EventId) -> bool:
        now = self.clock.now()
        with self.database.writing() as work:
            # Another start is reminded of anew: who moves the event waits, or has moved it.
            work.event_access.lock(event_id)
            is_ours = work.announcements.mark_reminded(event_id, **self._window(), now=now)
            if is_ours:
                announce(work, event_id, AnnouncementKind.REMINDER, now=now)
        return is_ours

    def _tell(self, announcement_id: AnnouncementId, *, limit: int) -> bool:
        now = self.clock.now()
        with self.database.writing() as work:
            announcement = work.announcements.lock_due(announcement_id, now=now)
            if announcement is None:
                return False
            _tell_holders(work, announcement, now=now, limit=limit)
        return True


def _tell_holders(
    work: UnitOfWork, announcement: Announcement, *, now: datetime, limit: int
) -> None:
    is_cancelled = announcement.kind == AnnouncementKind.CANCELLED
    holders = work.announcements.holders(
        announcement.event_id,
        after=announcement.after_user_id,
        limit=limit,
        refunded_for=EVENT_CANCELLED if is_cancelled else None,
    )
    kind = MESSAGE_OF[announcement.kind]
    work.outbox.enqueue_each(
        kind, announcement.id, holders, event_id=announcement.event_id, now=now
    )
    work.announcements.advance(
        announcement.id,
        after=holders[-1] if holders else announcement.after_user_id,
        work_at=now if len(holders) == limit else None,
    )


def announce(
    work: UnitOfWork,
    event_id: EventId,
    kind: AnnouncementKind,
    *,
    now: datetime,
    facts: Mapping[str, Sequence[str | None]] | None = None,
) -> Announcement:
    """Record an announcement to all who hold tickets of the event."""
    announcement = Announcement(
        event_id=event_id, kind=kind, facts=dict(facts or {}), created_at=now, work_at=now
    )
    work.announcements.add(announcement)
    return announcement


def announce_changes(work: UnitOfWork, event: Event, before: Shown, *, now: datetime) -> None:
    """Announce what differs from before, if it does and the event still lies ahead.

    Another start is reminded of anew.
    """
    after = Shown.of(event)
    if after.start != before.start:
        event.reminded_at = None
    old, new = asdict(before), asdict(after)
    changed = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    if event.all_day:
        changed.pop("end", None)  # it has got days instead of an end
    is_ahead = doors_close_at(event.starts_at, event.ends_at) > now
    is_told = event.cancelled_at is None and not event.is_draft
    if changed and is_ahead and is_told:
        announce(work, event.id, AnnouncementKind.CHANGED, now=now, facts=changed)
