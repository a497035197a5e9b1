"""What routes ask for: the services, the caller, the page wanted."""

from typing import Annotated, Any, Final

from fastapi import Depends, Path, Query, Request
from fastapi.security import OAuth2PasswordBearer
from structlog.contextvars import bind_contextvars

from app.domain.errors import NotLoggedIn
from app.domain.ids import (
    MAX_ID,
    CheckInId,
    DeviceId,
    EventId,
    OrderId,
    PromoCodeId,
    RefundId,
    SessionId,
    TicketId,
    TicketTypeId,
    TransferId,
    UserId,
    WaitingEntryId,
)
from app.domain.paging import LONGEST_CURSOR
from app.domain.ports import AccessClaims
from app.http.services import Services
from app.models.users.users import User
from app.services.checkin.devices import TOKEN_PREFIX

MOST_ITEMS = 100


def services_of(request: Request) -> Services:
    """The services this app was built with."""
    services: Services = request.app.state.services
    return services


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


async def services_dependency(request: Request) -> Services:
    return services_of(request)


ServicesDep = Annotated[Services, Depends(services_dependency)]

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


def _current_user(claims: Claims, services: ServicesDep) -> User:
    """The account that calls. Asks the database, so it is a plain function that runs in a thread.

    Raises:
        NotLoggedIn: the access token is missing or wrong, or its login has ended.
    """
    return services.sessions.caller(claims)


def _current_user_if_any(claims: ClaimsIfAny, services: ServicesDep) -> User | None:
    """The account that calls; ``None`` where no token was sent.

    Raises:
        NotLoggedIn: the access token is wrong, or its login has ended.
    """
    return None if claims is None else services.sessions.caller(claims)


CurrentUser = Annotated[User, Depends(_current_user)]
CurrentUserIfAny = Annotated[User | None, Depends(_current_user_if_any)]


async def _current_session(claims: Claims) -> SessionId:
    return SessionId(claims.session_id)


CurrentSession = Annotated[SessionId, Depends(_current_session)]
"""The login that calls, of a route that also asks for ``CurrentUser``."""

_ROW_ID: Final = Path(ge=1, le=MAX_ID, examples=[1])

RowIdInPath = Annotated[int, _ROW_ID]
UserIdInPath = Annotated[UserId, _ROW_ID]
EventIdInPath = Annotated[EventId, _ROW_ID]
TicketTypeIdInPath = Annotated[TicketTypeId, _ROW_ID]
PromoCodeIdInPath = Annotated[PromoCodeId, _ROW_ID]
OrderIdInPath = Annotated[OrderId, _ROW_ID]
WaitingEntryIdInPath = Annotated[WaitingEntryId, _ROW_ID]
RefundIdInPath = Annotated[RefundId, _ROW_ID]
TicketIdInPath = Annotated[TicketId, _ROW_ID]
TransferIdInPath = Annotated[TransferId, _ROW_ID]
CheckInIdInPath = Annotated[CheckInId, _ROW_ID]
DeviceIdInPath = Annotated[DeviceId, _ROW_ID]

Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Items on a page.")]
CursorText = Annotated[
    str | None,
    Query(max_length=LONGEST_CURSOR, description="From the `Link` header of the page before."),
]

LINK_HEADER: dict[str, Any] = {
    "Link": {
        "description": 'Where the next page is: `<…>; rel="next"` (RFC 8288). Absent on the last.',
        "schema": {"type": "string"},
    }
}


def public_url(request: Request) -> str:
    """The address people reach the shop at: the configured one, else the one this call came to."""
    configured: str | None = request.app.state.public_url
    return configured or str(request.base_url).rstrip("/")
