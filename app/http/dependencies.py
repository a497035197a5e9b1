"""What routes ask for: the services, the caller, the page wanted."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from fastapi.security import OAuth2PasswordBearer
from fastapi.security.base import SecurityBase
from structlog.contextvars import bind_contextvars

from app.domain.errors import NotLoggedIn
from app.domain.ids import MAX_ID, SessionId
from app.domain.paging import LONGEST_CURSOR
from app.domain.ports import AccessClaims
from app.http.deferred import Deferred
from app.http.services import Services
from app.models.users.users import User

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
    claims = services_of(request).sessions.claims_of(token)
    bind_contextvars(user_id=claims.user_id)
    return claims


async def _services(request: Request) -> Services:
    return services_of(request)


ServicesDep = Annotated[Services, Depends(_services)]
"""For pages. A ``StrictRoute`` hands its services over by itself, to whoever asks for this."""

_BEARER = OAuth2PasswordBearer(
    tokenUrl="token",
    refreshUrl="token/refresh",
    auto_error=False,
    description="Log in with a user name or e-mail address and a password.",
)
AccessToken = Annotated[str | None, Depends(_BEARER)]


class _Caller(SecurityBase):
    """The account that calls.

    A token that is missing or not ours is refused here; whether its login still stands is looked
    up in the route's own thread. Scheme and account are one dependency: FastAPI goes through all
    tables of parameters for each.
    """

    model = _BEARER.model
    scheme_name = _BEARER.scheme_name

    def __init__(self, *, is_needed: bool) -> None:
        self._is_needed = is_needed

    async def __call__(self, request: Request) -> Deferred | None:
        """Promise the account, or ``None`` where no token was sent and none is needed.

        Raises:
            NotLoggedIn: the access token is missing, wrong or ended.
        """
        token = await _BEARER(request)
        if token is None and not self._is_needed:
            return None
        if token is None:
            raise NotLoggedIn
        sessions = services_of(request).sessions
        claims = claims_of(request, token)
        return Deferred(lambda: sessions.caller(claims))


CurrentUser = Annotated[User, Depends(_Caller(is_needed=True))]
CurrentUserIfAny = Annotated[User | None, Depends(_Caller(is_needed=False))]


async def _current_session(request: Request) -> SessionId:
    """The login that calls, of a route that also asks for ``CurrentUser``."""
    token = await _BEARER(request)
    if token is None:
        raise NotLoggedIn
    return SessionId(claims_of(request, token).session_id)


CurrentSession = Annotated[SessionId, Depends(_current_session)]

RowIdInPath = Annotated[int, Path(ge=1, le=MAX_ID, examples=[1])]
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
