"""What attacks look like, as lines of the log: guesses, pauses, rights that are missing, forgeries.

Each names the client's address, and the account where one called; no name, no secret.
"""

from typing import Final

import structlog
from fastapi import Request

from app.domain.actors import Actor
from app.domain.checkin.doors import ScanReason
from app.domain.errors import (
    AccountDisabled,
    EnrolmentInvalid,
    LinkInvalid,
    RefreshTokenInvalid,
    RoleMissing,
    ScannerNotEnrolled,
    TooMany,
    TotpWrong,
    WebhookRejected,
    WrongCredentials,
    WrongPassword,
)
from app.domain.ids import EventId
from app.http.dependencies import client_address_of
from app.services.checkin.check_ins import Answer

log = structlog.get_logger("app.security")

TOLD: Final = (
    AccountDisabled,
    EnrolmentInvalid,
    LinkInvalid,
    RefreshTokenInvalid,
    RoleMissing,
    ScannerNotEnrolled,
    TooMany,
    WebhookRejected,
    TotpWrong,
    WrongCredentials,
    WrongPassword,
)
"""Refusals that callers get who guess, or use a stolen secret."""


def log_refusal(request: Request, error: Exception) -> None:
    """Write a line if the refusal is one of these."""
    if isinstance(error, TOLD):
        log.warning("refused", code=error.code, client=_client(request))


def log_forged(request: Request, event_id: EventId, actor: Actor, answer: Answer) -> None:
    """Write a line if a code was scanned that looks like a ticket's and was not signed by us."""
    if answer.check_in.reason == ScanReason.FORGED and not answer.is_repeat:
        log.warning(
            "forged ticket",
            event_id=event_id,
            check_in=answer.check_in.id,
            actor=actor.name,
            client=_client(request),
        )


def _client(request: Request) -> str | None:
    proxies: int | None = request.app.state.trusted_proxies
    return client_address_of(request.scope, proxies).address or None
