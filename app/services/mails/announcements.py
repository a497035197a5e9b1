from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.ids import AnnouncementId, UserId
from app.domain.languages import marked
from app.domain.listings import TicketListing
from app.domain.moments import days_written
from app.domain.ports import Mail, MailBudgetName
from app.domain.states import OutboxKind
from app.models.events.announcements import Announcement
from app.models.events.events import Event
from app.models.operations.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called

NAMES = {
    "title": marked("Title"),
    "start": marked("Begins"),
    "end": marked("Ends"),
    "doors": marked("Doors open"),
    "place": marked("Place"),
    "time_zone": marked("Time zone"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementMails:
    """Mails to all who hold tickets of an event."""

    writer: MailWriter

    def event_changed(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """Time, place or title has changed. Not sent for an event that was cancelled since."""
        announcement, event = _subject(work, message)
        tickets = _tickets(work, message, event)
        if event.cancelled_at is not None or not tickets:
            return None
        changes = [
            {"name": _name(name, after), "before": before, "after": after}
            for name, (before, after) in announcement.facts.items()
        ]
        return self._write(work, message, event, tickets, changes=changes)

    def event_cancelled(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """The event does not take place."""
        _, event = _subject(work, message)
        return self._write(work, message, event, [])

    def event_reminder(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """The day before. Not sent for an event that was cancelled or moved since."""
        _, event = _subject(work, message)
        tickets = _tickets(work, message, event)
        if event.cancelled_at is not None or event.reminded_at is None or not tickets:
            return None
        return self._write(work, message, event, tickets)

    def event_message(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """What the organizer wrote. Not sent to who has no ticket any more."""
        announcement, event = _subject(work, message)
        if not _tickets(work, message, event):
            return None
        holder = work.users.get(UserId(message.addressee_id))
        facts = announcement.facts
        return self.writer.write_to(
            work,
            message,
            holder,
            person=called(holder),
            event=event.title,
            organization=work.organizations.get(event.organization_id).name,
            about=facts["subject"][0],
            words=facts["text"][0],
        )

    def _write(
        self,
        work: UnitOfWork,
        message: OutboxMessage,
        event: Event,
        tickets: list[TicketListing],
        *,
        changes: Sequence[dict[str, str | None]] = (),
    ) -> Mail:
        holder = work.users.get(UserId(message.addressee_id))
        doors = event.doors_open_at
        is_reminder = message.kind == OutboxKind.EVENT_REMINDER
        return self.writer.write_to(
            work,
            message,
            holder,
            budget=MailBudgetName.GENERAL if is_reminder else MailBudgetName.CHANGES,
            person=called(holder),
            event=event.title,
            when=event.when,
            doors=doors and doors.astimezone(ZoneInfo(event.time_zone)),
            place=event.location,
            tickets=[
                {"id": ticket.id, "link": self.writer.ticket_link(ticket)} for ticket in tickets
            ],
            changes=changes,
        )


def _name(fact: str, value: str | None) -> str:
    """How a fact is called; days are no beginning."""
    is_days = fact == "start" and value is not None and days_written(value) is not None
    return marked("When") if is_days else NAMES[fact]


def _subject(work: UnitOfWork, message: OutboxMessage) -> tuple[Announcement, Event]:
    announcement = work.announcements.get(AnnouncementId(message.subject_id))
    return announcement, work.events.get(announcement.event_id)


def _tickets(work: UnitOfWork, message: OutboxMessage, event: Event) -> list[TicketListing]:
    """What the addressee holds of the event now."""
    held = work.tickets.listings_held(UserId(message.addressee_id), event.id)
    return [ticket for ticket in held if ticket.is_good]
