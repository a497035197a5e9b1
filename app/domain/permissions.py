"""Permissions in an organization: one table of actions and the roles that allow them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.errors import NotFound, OrganizationRoleMissing


class OrganizationRole(StrEnum):
    """What a member of an organization is there for."""

    OWNER = "owner"
    MANAGER = "manager"
    """Runs the events."""
    FINANCE = "finance"
    """Watches the money, and pays it back."""
    SUPPORT = "support"
    """Helps buyers and holders of tickets."""
    CHECKER = "checker"
    """Checks tickets of all events."""


class Action(StrEnum):
    """Something that is done to an event or an organization. The value completes "may"."""

    MANAGE_ORGANIZATION = "change the organization's name, looks and addresses"
    DELETE_ORGANIZATION = "delete the organization"
    MANAGE_TEAM = "invite, change and remove members"
    SEE_TEAM = "see who the members are"
    HAND_OVER_EVENT = "hand an event over to another organization"
    CREATE_EVENT = "create events"
    MANAGE_EVENT = "change, cancel and delete events, their ticket types and promo codes"
    SEE_EVENT = "see hidden ticket types and promo codes"
    MANAGE_GATES = "appoint gate staff and enrol scanners"
    SEE_ORDERS = "see orders, their refunds and waiting lists"
    CHANGE_ORDERS = "release holds and remove people from waiting lists"
    SELL_AT_DESK = "give tickets away, or sell them for cash if they may see money"
    HELP_HOLDERS = "send tickets again, reissue and revoke them"
    MESSAGE_HOLDERS = "write to all who hold tickets"
    REFUND = "refund orders, and settle refunds that got stuck"
    SEE_MONEY = "see what was sold, refunds and disputes"
    CHECK_IN = "check tickets at the door"
    SEE_ATTENDEES = "see attendees, and attendance counts"


_OWNER: Final = OrganizationRole.OWNER
_MANAGER: Final = OrganizationRole.MANAGER
_FINANCE: Final = OrganizationRole.FINANCE
_SUPPORT: Final = OrganizationRole.SUPPORT
_CHECKER: Final = OrganizationRole.CHECKER

ROLES_FOR: Final[dict[Action, tuple[OrganizationRole, ...]]] = {
    Action.MANAGE_ORGANIZATION: (_OWNER,),
    Action.DELETE_ORGANIZATION: (_OWNER,),
    Action.MANAGE_TEAM: (_OWNER,),
    Action.SEE_TEAM: (_OWNER, _MANAGER, _FINANCE, _SUPPORT, _CHECKER),
    Action.HAND_OVER_EVENT: (_OWNER,),
    Action.CREATE_EVENT: (_OWNER, _MANAGER),
    Action.MANAGE_EVENT: (_OWNER, _MANAGER),
    Action.SEE_EVENT: (_OWNER, _MANAGER, _FINANCE, _SUPPORT),
    Action.MANAGE_GATES: (_OWNER, _MANAGER),
    Action.SEE_ORDERS: (_OWNER, _MANAGER, _FINANCE, _SUPPORT),
    Action.CHANGE_ORDERS: (_OWNER, _MANAGER, _SUPPORT),
    Action.SELL_AT_DESK: (_OWNER, _MANAGER, _SUPPORT),
    Action.HELP_HOLDERS: (_OWNER, _MANAGER, _SUPPORT),
    Action.MESSAGE_HOLDERS: (_OWNER, _MANAGER),
    Action.REFUND: (_OWNER, _MANAGER, _FINANCE),
    Action.SEE_MONEY: (_OWNER, _MANAGER, _FINANCE),
    Action.CHECK_IN: (_OWNER, _MANAGER, _CHECKER),
    Action.SEE_ATTENDEES: (_OWNER, _MANAGER, _SUPPORT, _CHECKER),
}
"""Which roles allow an action. Admins may do everything."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What an actor may do in one organization. An actor with neither may do nothing."""

    role: OrganizationRole | None = None
    is_admin: bool = False

    @property
    def is_member(self) -> bool:
        """Whether the organization's things exist for the actor at all."""
        return self.is_admin or self.role is not None

    def may(self, action: Action) -> bool:
        return self.is_admin or self.role in ROLES_FOR[action]

    def ensure(self, action: Action, otherwise: NotFound) -> None:
        """Check that the actor may do this.

        Raises:
            NotFound: it is no member; what it asks for is not found, as ``otherwise`` says.
            OrganizationRoleMissing: it is one, and its role does not allow it.
        """
        if not self.is_member:
            raise otherwise
        if not self.may(action):
            raise role_missing(action)


def role_missing(action: Action) -> OrganizationRoleMissing:
    """The refusal that names the roles an action needs."""
    return OrganizationRoleMissing(action, ROLES_FOR[action])
