"""Logins of accounts."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import SessionId, UserId


@dataclass(frozen=True, slots=True)
class UsedToken:
    """A refresh token that has just been used up, and whose it was."""

    user_id: UserId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Login:
    """A login that can still be used, as its owner sees it."""

    id: SessionId
    started_at: datetime
    last_used_at: datetime
    """When its tokens were renewed last, or when it began; calls between are not noted."""
    network: str | None
    client_kind: str | None
