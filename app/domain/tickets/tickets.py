"""Versions of tickets: whose they are, and by what they are known."""

from dataclasses import dataclass

from app.domain.ids import UserId
from app.domain.users.names import full_name_key


@dataclass(frozen=True, slots=True)
class TicketSecrets:
    """What a version of a ticket is known by; see ``Ticket``."""

    code: str
    link_key: str
    key_id: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose a ticket is, and who will come with it."""

    user_id: UserId
    attendee_name: str | None

    @property
    def attendee_key(self) -> str | None:
        """What the name is found by."""
        return None if self.attendee_name is None else full_name_key(self.attendee_name)
