"""Who calls at the door: an account, or a scanner with a token of its own."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.domain.actors import Actor
from app.domain.errors import NotLoggedIn, ScannerNotEnrolled
from app.http.deferred import Deferred
from app.http.dependencies import AccessToken, claims_of, services_of
from app.services.checkin.devices import TOKEN_PREFIX

_scanner = HTTPBearer(
    scheme_name="scanner",
    auto_error=False,
    description="The token of a scanner, from `POST /scanners/enrol`. It opens the door of its "
    "event, nothing else.",
)
ScannerToken = Annotated[HTTPAuthorizationCredentials | None, Depends(_scanner)]


async def current_actor(request: Request, token: AccessToken, _: ScannerToken) -> Deferred:
    """Whoever calls; whether they may check tickets of an event is up to the service.

    Raises:
        NotLoggedIn: the token is missing, or an account's that is wrong or ended.
        ScannerNotEnrolled: it is a scanner's that is unknown or was revoked.
    """
    if token is None:
        raise NotLoggedIn
    services = services_of(request)
    if token.startswith(TOKEN_PREFIX):
        return Deferred(lambda: services.devices.actor_of(token))
    claims = claims_of(request, token)
    return Deferred(lambda: services.sessions.caller(claims).actor)


async def current_scanner(request: Request, credentials: ScannerToken) -> Deferred:
    """The scanner that calls.

    Raises:
        NotLoggedIn: there is no token, or none of ours.
        ScannerNotEnrolled: it is an account's, or a scanner's that is unknown or was revoked.
    """
    if credentials is None:
        raise NotLoggedIn
    services, token = services_of(request), credentials.credentials
    if not token.startswith(TOKEN_PREFIX):
        claims_of(request, token)
        raise ScannerNotEnrolled
    return Deferred(lambda: services.devices.actor_of(token))


CurrentActor = Annotated[Actor, Depends(current_actor)]
CurrentScanner = Annotated[Actor, Depends(current_scanner)]
