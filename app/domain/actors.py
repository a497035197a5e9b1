"""Who asks, and what they may do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.checkin.doors import DoorEvent
from app.domain.errors import RoleMissing
from app.domain.ids import DeviceId, EventId, UserId
from app.domain.states import Role


class Organized(Protocol):
    """Something that belongs to an organizer."""

    @property
    def organizer_id(self) -> UserId | None:
        """Whose it is; ``None``: the shop's own, made by nobody who was logged in."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account with the role it has now, or a scanner that belongs to one event.

    An actor with neither may do nothing.
    """

    user_id: UserId | None = None
    role: Role | None = None
    device_id: DeviceId | None = None
    event_id: EventId | None = None
    """The only event the scanner is for."""
    gate: str | None = None
    """Where the scanner stands."""

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def is_scanner(self) -> bool:
        return self.device_id is not None

    @property
    def name(self) -> str:
        """What histories and logs call it, such as ``user:7``; ``operator``: the command line."""
        if self.is_scanner:
            return f"scanner:{self.device_id}"
        return "operator" if self.user_id is None else f"user:{self.user_id}"

    def may_manage(self, event: Organized) -> bool:
        """Whether it may change the event and see all that belongs to it.

        Its organizer may, as long as the account has the role; an admin may with every event.
        """
        if self.role == Role.ORGANIZER:
            return self.user_id is not None and self.user_id == event.organizer_id
        return self.is_admin

    def may_check(
        self, event: DoorEvent, *, is_staff: bool, at: datetime, rights_for: timedelta
    ) -> bool:
        """Whether it may check the event's tickets and see who came.

        Args:
            event: the event.
            is_staff: whether the account is on the event's staff.
            at: the present moment.
            rights_for: how long after the event staff and scanners may still do so.
        """
        if self.may_manage(event):
            return True
        is_theirs = is_staff or (self.is_scanner and self.event_id == event.id)
        return is_theirs and at < event.closes_at + rights_for

    def ensure_admin(self) -> None:
        """Check that it is an admin.

        Raises:
            RoleMissing: it is not.
        """
        if not self.is_admin:
            raise RoleMissing(Role.ADMIN)
