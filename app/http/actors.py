"""Who calls at the door: an account, or a scanner with a token of its own."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.domain.actors import Actor
from app.domain.errors import NotLoggedIn, ScannerNotEnrolled
from app.domain.ports import AccessClaims
from app.http.dependencies import AccessToken, ServicesDep, claims_of
from app.services.checkin.devices import TOKEN_PREFIX

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


CurrentActor = Annotated[Actor, Depends(_current_actor)]
CurrentScanner = Annotated[Actor, Depends(_current_scanner)]
