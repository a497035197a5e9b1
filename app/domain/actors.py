"""Who asks, and what they may do."""

from dataclasses import dataclass

from app.domain.errors import RoleMissing
from app.domain.ids import DeviceId, EventId, UserId
from app.domain.permissions import OrganizationRole, Rights
from app.domain.states import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: an account with the role it has now, or a scanner that belongs to one event.

    An actor with neither may do nothing.
    """

    user_id: UserId | None = None
    role: Role | None = None
    email_confirmed: bool = False
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

    def rights(self, role: OrganizationRole | None, *, is_personal: bool) -> Rights:
        """What a membership with this role lets it do; ``None``: it is no member.

        In its personal organization an account needs the role of an organizer, in all others a
        confirmed address: membership was given to the reader of mail to that address.
        """
        if self.is_admin:
            return Rights(is_admin=True)
        counts = self.role == Role.ORGANIZER if is_personal else self.email_confirmed
        return Rights(role if counts else None)

    def ensure_admin(self) -> None:
        """Check that it is an admin.

        Raises:
            RoleMissing: it is not.
        """
        if not self.is_admin:
            raise RoleMissing(Role.ADMIN)
