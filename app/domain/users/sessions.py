"""Logins, as a person's list of them shows them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.ids import SessionId


class ClientKind(StrEnum):
    """The kind of program of a login."""

    BROWSER = "browser"
    PHONE_BROWSER = "phone-browser"
    PROGRAM = "program"


def client_kind_of(user_agent: str | None) -> ClientKind | None:
    """What a ``User-Agent`` header says, which may be made up; ``None``: nothing.

    No more of the header is kept than this.
    """
    if not user_agent:
        return None
    if not user_agent.startswith("Mozilla/"):
        return ClientKind.PROGRAM
    return ClientKind.PHONE_BROWSER if "Mobi" in user_agent else ClientKind.BROWSER


@dataclass(frozen=True, slots=True)
class Login:
    """A login that can still be used, as its owner sees it."""

    id: SessionId
    started_at: datetime
    last_used_at: datetime
    """When its tokens were renewed last, or when it began; calls between are not noted."""
    network: str | None
    client_kind: str | None
