"""The picture of an event: uploaded by those who manage it."""

from dataclasses import dataclass

from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.domain.pictures import Picture
from app.domain.ports import Clock
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.pictures import PictureService


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPictureService:
    """Puts pictures on events."""

    database: Database
    clock: Clock
    pictures: PictureService

    def ensure_may_change(self, *, event_id: EventId, organizer: User) -> None:
        """Refuse before anything is uploaded.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            OrganizationRoleMissing: the account's role does not allow it.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)

    def upload(
        self, *, event_id: EventId, organizer: User, content: bytes, alt: str | None
    ) -> EventListing:
        """Show this picture, in place of one from before; ``alt`` says in words what it shows.

        Its files are written before the event names them. Of two uploads at once, the later one
        stays.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            OrganizationRoleMissing: the account's role does not allow it.
            PictureUnusable: the file is no picture that can be shown.
            PicturesUnavailable: its files cannot be kept.
            Busy: too many pictures are being drawn.
        """
        self.ensure_may_change(event_id=event_id, organizer=organizer)
        picture = self.pictures.keep(content)
        return self._put(event_id, organizer, picture, alt)

    def remove(self, *, event_id: EventId, organizer: User) -> EventListing:
        """Show no uploaded picture any more; nothing happens if there was none.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            OrganizationRoleMissing: the account's role does not allow it.
        """
        return self._put(event_id, organizer, None, None)

    def _put(
        self, event_id: EventId, organizer: User, picture: Picture | None, alt: str | None
    ) -> EventListing:
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.count_change()
            event.picture_key = self.pictures.put(work, picture, before=event.picture_key)
            event.picture_alt = alt
            event.updated_at = self.clock.now()
            work.flush()
            return work.events.listing(event_id, with_hidden=True, with_drafts=True)
