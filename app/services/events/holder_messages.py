"""Messages of organizers to all who hold tickets of an event."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.errors import NoHolders
from app.domain.events.lists import Progress
from app.domain.ids import EventId
from app.domain.languages import Language
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock, MailTemplates, MailText, WorkSignal
from app.domain.states import AnnouncementKind
from app.models.events.announcements import Announcement
from app.models.events.events import Event
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.announcements import announce
from app.services.mails.writing import called, reads, sender_of
from app.services.operations.mail_limits import MailLimit

OF_ONE_EVENT: Final = MailLimit(most=3, within=timedelta(days=1))


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """What would be sent, and to how many."""

    recipients: int
    mail: MailText


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message, and how far it is."""

    announcement: Announcement
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderMessageService:
    """Writes to holders; the work loop makes a mail for each of them, some at a time."""

    database: Database
    clock: Clock
    templates: MailTemplates
    default_language: Language
    public_url: str
    signal: WorkSignal

    def preview(
        self, *, event_id: EventId, organizer: User, subject: str, text: str
    ) -> MessagePreview:
        """The mail as the organizer would get it, and how many holders would. Changes nothing.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.reading() as work:
            event = self._event(work, event_id, organizer)
            recipients = work.announcements.count_holders(event_id)
            look = work.organizations.look(event_id)
        mail = self.templates.render(
            "event_message",
            language=reads(organizer) or self.default_language,
            person=called(organizer),
            event=event.title,
            sender=sender_of(look, self.public_url),
            organization=look.name,
            about=subject,
            words=text,
        )
        return MessagePreview(recipients, mail)

    def send(self, *, event_id: EventId, organizer: User, subject: str, text: str) -> SentMessage:
        """Record one mail to each holder of valid tickets; those whose tickets end before get none.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            NoHolders: no one holds a ticket.
            TooManyMails: the event's holders got as many messages as a day may bring.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            self._event(work, event_id, organizer)
            if not work.announcements.count_holders(event_id):
                raise NoHolders(event_id)
            OF_ONE_EVENT.count(work, f"holders:{event_id}", now=now)
            announcement = announce(
                work,
                event_id,
                AnnouncementKind.MESSAGE,
                now=now,
                facts={"subject": [subject], "text": [text], "author": [organizer.actor.name]},
            )
            sent = SentMessage(announcement, work.announcements.progress(announcement))
        self.signal.wake()
        return sent

    def page(
        self, *, event_id: EventId, organizer: User, after: Cursor | None, limit: int
    ) -> Page[SentMessage]:
        """One page of the messages to the event's holders, the newest first, and how far they are.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.reading() as work:
            self._event(work, event_id, organizer)
            found = work.announcements.messages(event_id, after=after, limit=limit)
            return found.of(lambda each: SentMessage(each, work.announcements.progress(each)))

    @staticmethod
    def _event(work: UnitOfWork, event_id: EventId, organizer: User) -> Event:
        return work.event_access.for_actor(organizer.actor, event_id, Action.MESSAGE_HOLDERS)
