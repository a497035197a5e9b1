"""Which accounts may create events of their own."""

from dataclasses import dataclass

from app.domain.errors import EmailNotConfirmed, NotLoggedIn, RoleMissing
from app.domain.states import Role
from app.models.users.users import User


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCreators:
    """Who creates events besides organizers and admins; a buyer becomes an organizer by it."""

    anyone: bool
    """As in the demo environment; no login is needed."""
    confirmed: bool
    """Accounts whose address is confirmed."""

    def ensure(self, creator: User | None, *, is_named: bool) -> None:
        """Refuse a creator without the right to create events, as far as the account alone tells.

        Args:
            creator: who asks.
            is_named: whether the event is to be of an organization that was named: a role there
                decides.

        Raises:
            NotLoggedIn: the caller is not logged in, and a login is needed here, or an
                organization was named.
            RoleMissing: the account is a buyer's, and an admin makes it an organizer first.
            EmailNotConfirmed: the account is a buyer's, whose address is not confirmed yet.
        """
        if creator is None and (is_named or not self.anyone):
            raise NotLoggedIn
        if is_named or self.anyone or creator is None or creator.role != Role.BUYER:
            return
        if not self.confirmed:
            raise RoleMissing(Role.ORGANIZER)
        if not creator.email_confirmed:
            raise EmailNotConfirmed
