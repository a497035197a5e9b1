"""What routes ask of a call: the services, who calls and from where, the shop's address."""

from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, OAuth2PasswordBearer
from starlette.types import Scope
from structlog.contextvars import bind_contextvars

from app.domain.actors import Actor
from app.domain.errors import NotLoggedIn, ScannerNotEnrolled
from app.domain.ids import SessionId
from app.domain.ports import AccessClaims
from app.domain.users.attempts import ClientAddress
from app.http.admin_log import note_operation
from app.http.services import Services
from app.models.users.users import User
from app.schemas.addresses import SHOP_URL
from app.services.checkin.devices import TOKEN_PREFIX


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def services_dependency(request: Request) -> Services:
    return services_of(request)


ServicesDep = Annotated[Services, Depends(services_dependency)]


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


def current_member(
    request: Request, user: Annotated[User, Depends(current_user)], services: ServicesDep
) -> User:
    """The account that calls an operation of organizers. That an admin does is in their log."""
    note_operation(request, user, services)
    return user


def current_user_if_any(claims: ClaimsIfAny, services: ServicesDep) -> User | None:
    """The account that calls; ``None`` where no token was sent.

    Raises:
        NotLoggedIn: the access token is wrong, or its login has ended.
    """
    return None if claims is None else services.sessions.caller(claims)


async def current_session(claims: Claims) -> SessionId:
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


def current_actor(
    request: Request,
    found: Annotated[AccessClaims | str, Depends(_claims_or_token)],
    services: ServicesDep,
) -> Actor:
    """The account or scanner that calls; the service decides what it may do at the event.

    That an admin does is in their log.

    Raises:
        NotLoggedIn: the account's login has ended.
        ScannerNotEnrolled: the scanner is unknown or was revoked.
    """
    if isinstance(found, str):
        return services.devices.actor_of(found)
    user = services.sessions.caller(found)
    note_operation(request, user, services)
    return user.actor


def current_scanner(token: Annotated[str, Depends(_scanner_token)], services: ServicesDep) -> Actor:
    """The scanner that calls.

    Raises:
        ScannerNotEnrolled: the scanner is unknown or was revoked.
    """
    return services.devices.actor_of(token)


def public_url(request: Request) -> str:
    """The address people reach the shop at: the configured one, else the one this call came to."""
    configured: str | None = request.app.state.public_url
    return configured or str(request.base_url).rstrip("/")


ROOT_PATH: Final = ContextVar("root_path", default="")
"""What precedes the shop's own paths in addresses of the present call: empty, or as ``/shop``.

Pages and refusals are made far from the request; links on them begin with this.
"""


class Addresses:
    """Tells the shop's own path from what precedes it, and forgives slashes.

    Below a path of another site, a proxy may take that path off or pass it on; both work. uvicorn's
    ``--root-path`` stands before what the proxy passed on.

    Args:
        public_url: the configured ``PUBLIC_URL``; ``None``: paths begin as ``--root-path`` says.
        slashed: paths that are written with a slash at the end; all others are without.
    """

    def __init__(self, *, public_url: str | None, slashed: Iterable[str]) -> None:
        self._public_url = public_url
        self._root_path = urlsplit(public_url or "").path
        self._with_slash = {path.rstrip("/"): path for path in slashed}

    def settle(self, scope: Scope) -> None:
        """Write down in the scope, as ASGI defines it, where the shop is and what is asked for."""
        given: str = scope.get("root_path", "").rstrip("/")
        root = self._root_path or given
        path = _below(root, _below(given, scope["path"]))
        bare = path.rstrip("/")
        wanted = root + self._with_slash.get(bare, bare or "/")
        if wanted != scope["path"]:
            scope["path"] = wanted
            scope["raw_path"] = wanted.encode()
        scope["root_path"] = root
        ROOT_PATH.set(root)
        SHOP_URL.set(lambda: self._public_url or str(Request(scope).base_url).rstrip("/"))


def _below(root: str, path: str) -> str:
    """The path without ``root`` before it, if that is there."""
    return path.removeprefix(root) if root and f"{path}/".startswith(f"{root}/") else path


def own_path(scope: Scope) -> str:
    """The path asked for, without what precedes the shop's own."""
    return _below(scope["root_path"], scope["path"])


MOST_HOPS_READ = 20
"""More addresses in ``X-Forwarded-For`` than any chain of proxies adds."""


def client_address_of(scope: Scope, trusted_proxies: int | None) -> ClientAddress:
    """The client's address: of the connection, or what the outermost trusted proxy saw.

    Each proxy adds the address it was called from at the end of ``X-Forwarded-For``; whatever
    stands before what ours have added was made up by the client.

    Args:
        scope: the request.
        trusted_proxies: how many proxies add to the header; ``None``: not told. Then a proxy in a
            private network makes the client unknown, lest all clients count as one.
    """
    forwarded = _forwarded(scope)
    connection = scope.get("client")
    address = str(connection[0]) if connection else ""
    if trusted_proxies is None:
        return ClientAddress.of("" if forwarded and _is_private(address) else address)
    if trusted_proxies and forwarded:
        address = forwarded[-min(trusted_proxies, len(forwarded))]
    return ClientAddress.of(address)


async def _client_address(request: Request) -> ClientAddress:
    return client_address_of(request.scope, request.app.state.trusted_proxies)


Client = Annotated[ClientAddress, Depends(_client_address)]


def _forwarded(scope: Scope) -> list[str]:
    """The last addresses of ``X-Forwarded-For``, without ports."""
    text = ",".join(
        value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"
    )
    return [_without_port(each.strip()) for each in text.rsplit(",", MOST_HOPS_READ) if each]


def _without_port(text: str) -> str:
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _is_private(text: str) -> bool:
    try:
        return not ip_address(text).is_global
    except ValueError:
        return True
