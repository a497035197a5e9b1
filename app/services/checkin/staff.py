"""Staff: accounts that check the tickets of an event without organizing it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.checkin.attendees import StaffListing
from app.domain.errors import RecipientDisabled
from app.domain.ids import EventId, UserId
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.models.users.users import User
from app.repositories.database import Database
from app.services.users.users import entitled_account


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffService:
    """Lets organizers say who checks tickets."""

    database: Database
    clock: Clock

    def of_event(self, *, event_id: EventId, organizer: User) -> Sequence[StaffListing]:
        """All of its staff, in the order in which they were added.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.MANAGE_GATES)
            return work.staff.of_event(event_id)

    def take_on(self, *, event_id: EventId, organizer: User, name: str) -> StaffListing:
        """Let the account of this user name or e-mail address check tickets.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            AccountNotFound: no account has this name.
            AddressNotConfirmed: it is an address that the account has not confirmed.
            RecipientDisabled: the account is disabled.
        """
        with self.database.writing() as work:
            work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_GATES)
            user = entitled_account(work, name)
            if user.is_disabled:
                raise RecipientDisabled(name)
            return work.staff.take_on(
                event_id, user.id, added_by=organizer.id, now=self.clock.now()
            )

    def let_go(self, *, event_id: EventId, organizer: User, user_id: UserId) -> None:
        """Take the right away again.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            StaffNotFound: the account had none.
        """
        with self.database.writing() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.MANAGE_GATES)
            work.staff.let_go(event_id, user_id)
