"""Who calls. A route declares who may by the type of its caller, or by ``@public``."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Annotated, Any, Final, TypeVar, get_args, get_type_hints

from fastapi import Depends

from app.domain.actors import Actor
from app.domain.ids import SessionId
from app.domain.permissions import Action
from app.http.dependencies import (
    current_actor,
    current_member,
    current_scanner,
    current_session,
    current_user,
    current_user_if_any,
)
from app.models.users.users import User

F = TypeVar("F", bound=Callable[..., Any])

_PUBLIC: Final = "__public__"


class Access(Enum):
    """Who may call an operation; all others are refused.

    The service decides. ``tests/api/test_access.py`` tries every operation as everybody, and fails
    where what happens is not what the route declares.
    """

    PUBLIC = auto()
    """Everybody, also without a login."""
    ACCOUNT = auto()
    """Any account."""
    OWNER = auto()
    """The account to which belongs what the path names: the buyer, the holder of a ticket."""
    MEMBER = auto()
    """Members of an organization, or an event's, whose role allows the declared action; admins."""
    OWNER_OR_MEMBER = auto()
    ANY_MEMBER = auto()
    """The same members, of any organization, about its own events; organizers; admins."""
    STAFF = auto()
    """The same members, the event's gate staff, and admins."""
    CHECK_IN = auto()
    """The same members, the event's gate staff, its scanner devices, and admins."""
    SCANNER = auto()
    """A scanner device."""
    ADMIN = auto()
    """Admins."""


def public(endpoint: F) -> F:
    """Mark an endpoint that everybody may call without a login."""
    setattr(endpoint, _PUBLIC, True)
    return endpoint


def access_of(endpoint: Callable[..., Any]) -> tuple[Access, Action | None]:
    """Who may call this endpoint, and the action that a member's role has to allow.

    Raises:
        TypeError: it does not declare it, or not clearly.
    """
    hints = get_type_hints(endpoint, include_extras=True).values()
    declared = [each for hint in hints for each in get_args(hint)]
    access = {each for each in declared if isinstance(each, Access)}
    if hasattr(endpoint, _PUBLIC):
        access.add(Access.PUBLIC)
    if len(access) != 1:
        raise TypeError(
            f"{endpoint.__name__} has to declare who may call it: give it a caller of one of the "
            "types in app/http/callers.py, such as Owner or EventManager, or mark it @public."
        )
    return access.pop(), next((each for each in declared if isinstance(each, Action)), None)


CurrentUser = Annotated[User, Depends(current_user), Access.ACCOUNT]
CurrentUserIfAny = Annotated[User | None, Depends(current_user_if_any), Access.PUBLIC]
Owner = Annotated[User, Depends(current_user), Access.OWNER]
Admin = Annotated[User, Depends(current_user), Access.ADMIN]

EventManager = Annotated[User, Depends(current_member), Access.MEMBER, Action.MANAGE_EVENT]
EventCopier = Annotated[User, Depends(current_member), Access.MEMBER, Action.CREATE_EVENT]
EventViewer = Annotated[User, Depends(current_member), Access.MEMBER, Action.SEE_EVENT]
GateManager = Annotated[User, Depends(current_member), Access.MEMBER, Action.MANAGE_GATES]
OrderManager = Annotated[User, Depends(current_member), Access.MEMBER, Action.CHANGE_ORDERS]
OrderViewer = Annotated[User, Depends(current_member), Access.MEMBER, Action.SEE_ORDERS]
DeskSeller = Annotated[User, Depends(current_member), Access.MEMBER, Action.SELL_AT_DESK]
HolderSupport = Annotated[User, Depends(current_member), Access.MEMBER, Action.HELP_HOLDERS]
HolderWriter = Annotated[User, Depends(current_member), Access.MEMBER, Action.MESSAGE_HOLDERS]
RefundManager = Annotated[User, Depends(current_member), Access.MEMBER, Action.REFUND]
EventMoneyViewer = Annotated[User, Depends(current_member), Access.MEMBER, Action.SEE_MONEY]
MoneyViewer = Annotated[User, Depends(current_member), Access.ANY_MEMBER, Action.SEE_MONEY]
OwnerOrOrderViewer = Annotated[
    User, Depends(current_member), Access.OWNER_OR_MEMBER, Action.SEE_ORDERS
]
OwnerOrHolderSupport = Annotated[
    User, Depends(current_member), Access.OWNER_OR_MEMBER, Action.HELP_HOLDERS
]
OwnerOrRefundManager = Annotated[
    User, Depends(current_member), Access.OWNER_OR_MEMBER, Action.REFUND
]
EventGiver = Annotated[User, Depends(current_member), Access.MEMBER, Action.HAND_OVER_EVENT]
OrganizationManager = Annotated[
    User, Depends(current_member), Access.MEMBER, Action.MANAGE_ORGANIZATION
]
OrganizationDeleter = Annotated[
    User, Depends(current_member), Access.MEMBER, Action.DELETE_ORGANIZATION
]
TeamManager = Annotated[User, Depends(current_member), Access.MEMBER, Action.MANAGE_TEAM]
TeamViewer = Annotated[User, Depends(current_member), Access.MEMBER, Action.SEE_TEAM]
CheckInStaff = Annotated[User, Depends(current_member), Access.STAFF, Action.CHECK_IN]
AttendeeViewer = Annotated[User, Depends(current_member), Access.STAFF, Action.SEE_ATTENDEES]
CheckInActor = Annotated[Actor, Depends(current_actor), Access.CHECK_IN, Action.CHECK_IN]
AttendeeExporter = Annotated[User, Depends(current_member), Access.MEMBER, Action.SEE_ATTENDEES]
AttendanceViewer = Annotated[Actor, Depends(current_actor), Access.CHECK_IN, Action.SEE_ATTENDEES]
CurrentScanner = Annotated[Actor, Depends(current_scanner), Access.SCANNER]

CurrentSession = Annotated[SessionId, Depends(current_session)]
"""The login that calls, of a route that also asks for an account."""
