"""Accounts that check in tickets of an event."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class StaffListing:
    """An account that checks in tickets of an event."""

    user_id: UserId
    username: str
    full_name: str | None
    added_at: datetime
