"""What routes ask for: the services, the caller, the page wanted."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request, Response
from fastapi.security import OAuth2PasswordBearer

from app.domain.errors import NotLoggedIn
from app.domain.ids import MAX_ID
from app.domain.paging import Page
from app.models.users import User
from app.routers.deferred import Deferred
from app.routers.services import Services

MOST_ITEMS = 100


def services_of(request: Request) -> Services:
    """The services this app was built with."""
    services: Services = request.app.state.services
    return services


async def _services(request: Request) -> Services:
    return services_of(request)


ServicesDep = Annotated[Services, Depends(_services)]

_bearer = OAuth2PasswordBearer(
    tokenUrl="token",
    refreshUrl="token/refresh",
    auto_error=False,
    description="Log in with a user name or e-mail address and a password.",
)
AccessToken = Annotated[str | None, Depends(_bearer)]


async def current_user(request: Request, token: AccessToken) -> Deferred:
    """The account that calls.

    A token that is missing or not ours is refused here; whether its login still stands is looked
    up in the route's own thread.

    Raises:
        NotLoggedIn: the access token is missing, wrong or ended.
    """
    if token is None:
        raise NotLoggedIn
    services = services_of(request)
    claims = services.sessions.claims_of(token)
    return Deferred(lambda: services.sessions.caller(claims))


async def current_user_if_any(request: Request, token: AccessToken) -> Deferred | None:
    """The account that calls, or ``None`` when no token was sent.

    Raises:
        NotLoggedIn: a token was sent, and it is wrong or ended.
    """
    return None if token is None else await current_user(request, token)


CurrentUser = Annotated[User, Depends(current_user)]
CurrentUserIfAny = Annotated[User | None, Depends(current_user_if_any)]

RowIdInPath = Annotated[int, Path(ge=1, le=MAX_ID, examples=[1])]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Items on a page.")]
CursorText = Annotated[
    str | None,
    Query(max_length=2000, description="From the `Link` header of the page before."),
]

LINK_HEADER: dict[str, Any] = {
    "Link": {
        "description": 'Where the next page is: `<…>; rel="next"` (RFC 8288). Absent on the last.',
        "schema": {"type": "string"},
    }
}


def link_next(request: Request, response: Response, page: Page[Any]) -> None:
    """Say in a ``Link`` header where the next page is, if there is one."""
    if page.next is None:
        return
    query = [(name, value) for name, value in request.query_params.items() if name != "cursor"]
    query.append(("cursor", page.next.encode()))
    response.headers["Link"] = f'<{request.url.path}?{urlencode(query)}>; rel="next"'


def public_url(request: Request) -> str:
    """The address people reach the shop at: the configured one, else the one this call came to."""
    configured: str | None = request.app.state.public_url
    return configured or str(request.base_url).rstrip("/")
