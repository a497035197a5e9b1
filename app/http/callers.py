"""Who calls. A route declares who may by the type of its caller, or by ``@public``."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Annotated, Any, Final, TypeVar, get_args, get_type_hints

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, OAuth2PasswordBearer
from structlog.contextvars import bind_contextvars

from app.domain.actors import Actor
from app.domain.errors import NotLoggedIn, ScannerNotEnrolled
from app.domain.ids import SessionId
from app.domain.permissions import Action
from app.domain.ports import AccessClaims
from app.http.dependencies import ServicesDep, services_of
from app.models.users.users import User
from app.services.checkin.devices import TOKEN_PREFIX

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
    """Members of the event's organization whose role allows the declared action, and admins."""
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


def claims_of(request: Request, token: str) -> AccessClaims:
    """What an access token says; the log names its account from here on.

    Raises:
        NotLoggedIn: the token is not valid.
    """
    if token.startswith(TOKEN_PREFIX):
        raise NotLoggedIn(is_scanner=True)
    claims = services_of(request).sessions.claims_of(token)
    bind_contextvars(user_id=claims.user_id)
    return claims


access_token = OAuth2PasswordBearer(
    tokenUrl="token",
    refreshUrl="token/refresh",
    auto_error=False,
    description="Log in with a user name or e-mail address and a password.",
)
AccessToken = Annotated[str | None, Depends(access_token)]


async def _claims_if_any(request: Request, token: AccessToken) -> AccessClaims | None:
    """What the access token says; ``None`` where none was sent.

    Raises:
        NotLoggedIn: the token is not valid.
    """
    return None if token is None else claims_of(request, token)


async def _claims(request: Request, token: AccessToken) -> AccessClaims:
    """What the access token says.

    Raises:
        NotLoggedIn: there is no token, or it is not valid.
    """
    if token is None:
        raise NotLoggedIn
    return claims_of(request, token)


Claims = Annotated[AccessClaims, Depends(_claims)]
ClaimsIfAny = Annotated[AccessClaims | None, Depends(_claims_if_any)]


def current_user(claims: Claims, services: ServicesDep) -> User:
    """The account that calls. Asks the database, so it is a plain function that runs in a thread.

    Raises:
        NotLoggedIn: the access token is missing or wrong, or its login has ended.
    """
    return services.sessions.caller(claims)


def current_user_if_any(claims: ClaimsIfAny, services: ServicesDep) -> User | None:
    """The account that calls; ``None`` where no token was sent.

    Raises:
        NotLoggedIn: the access token is wrong, or its login has ended.
    """
    return None if claims is None else services.sessions.caller(claims)


async def _current_session(claims: Claims) -> SessionId:
    return SessionId(claims.session_id)


scanner_token = HTTPBearer(
    scheme_name="scanner",
    auto_error=False,
    description="The token of a scanner, from `POST /scanners/enrol`. It opens the door of its "
    "event, nothing else.",
)
ScannerToken = Annotated[HTTPAuthorizationCredentials | None, Depends(scanner_token)]


async def _claims_or_token(
    request: Request, token: AccessToken, _: ScannerToken
) -> AccessClaims | str:
    """What the access token of an account says, or the token of a scanner.

    Raises:
        NotLoggedIn: the token is missing, or an account's that is not valid.
    """
    if token is None:
        raise NotLoggedIn
    return token if token.startswith(TOKEN_PREFIX) else claims_of(request, token)


async def _scanner_token(request: Request, credentials: ScannerToken) -> str:
    """The token of a scanner.

    Raises:
        NotLoggedIn: there is no token, or none of ours.
        ScannerNotEnrolled: it is an account's.
    """
    if credentials is None:
        raise NotLoggedIn
    if not credentials.credentials.startswith(TOKEN_PREFIX):
        claims_of(request, credentials.credentials)
        raise ScannerNotEnrolled
    return credentials.credentials


def _current_actor(
    found: Annotated[AccessClaims | str, Depends(_claims_or_token)], services: ServicesDep
) -> Actor:
    """The account or scanner that calls; the service decides what it may do at the event.

    Raises:
        NotLoggedIn: the account's login has ended.
        ScannerNotEnrolled: the scanner is unknown or was revoked.
    """
    if isinstance(found, str):
        return services.devices.actor_of(found)
    return services.sessions.caller(found).actor


def _current_scanner(
    token: Annotated[str, Depends(_scanner_token)], services: ServicesDep
) -> Actor:
    """The scanner that calls.

    Raises:
        ScannerNotEnrolled: the scanner is unknown or was revoked.
    """
    return services.devices.actor_of(token)


CurrentUser = Annotated[User, Depends(current_user), Access.ACCOUNT]
CurrentUserIfAny = Annotated[User | None, Depends(current_user_if_any), Access.PUBLIC]
Owner = Annotated[User, Depends(current_user), Access.OWNER]
Admin = Annotated[User, Depends(current_user), Access.ADMIN]

EventManager = Annotated[User, Depends(current_user), Access.MEMBER, Action.MANAGE_EVENT]
EventViewer = Annotated[User, Depends(current_user), Access.MEMBER, Action.SEE_EVENT]
GateManager = Annotated[User, Depends(current_user), Access.MEMBER, Action.MANAGE_GATES]
OrderManager = Annotated[User, Depends(current_user), Access.MEMBER, Action.CHANGE_ORDERS]
OrderViewer = Annotated[User, Depends(current_user), Access.MEMBER, Action.SEE_ORDERS]
HolderSupport = Annotated[User, Depends(current_user), Access.MEMBER, Action.HELP_HOLDERS]
RefundManager = Annotated[User, Depends(current_user), Access.MEMBER, Action.REFUND]
MoneyViewer = Annotated[User, Depends(current_user), Access.ANY_MEMBER, Action.SEE_MONEY]
OwnerOrOrderViewer = Annotated[
    User, Depends(current_user), Access.OWNER_OR_MEMBER, Action.SEE_ORDERS
]
OwnerOrHolderSupport = Annotated[
    User, Depends(current_user), Access.OWNER_OR_MEMBER, Action.HELP_HOLDERS
]
OwnerOrRefundManager = Annotated[User, Depends(current_user), Access.OWNER_OR_MEMBER, Action.REFUND]
CheckInStaff = Annotated[User, Depends(current_user), Access.STAFF, Action.CHECK_IN]
AttendeeViewer = Annotated[User, Depends(current_user), Access.STAFF, Action.SEE_ATTENDEES]
CheckInActor = Annotated[Actor, Depends(_current_actor), Access.CHECK_IN, Action.CHECK_IN]
AttendanceViewer = Annotated[Actor, Depends(_current_actor), Access.CHECK_IN, Action.SEE_ATTENDEES]
CurrentScanner = Annotated[Actor, Depends(_current_scanner), Access.SCANNER]

CurrentSession = Annotated[SessionId, Depends(_current_session)]
"""The login that calls, of a route that also asks for an account."""
