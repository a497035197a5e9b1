"""What an event asks of its orders."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.text import name_key


@dataclass(frozen=True, slots=True)
class Terms:
    """What orders for an event are subject to. ``None`` sets no limit."""

    title: str
    currency: str
    shared_capacity: int | None
    max_per_buyer: int | None
    cancelled_at: datetime | None


def opens(access_code: str | None, given: str | None) -> bool:
    """Whether a ticket type with this access code is sold to those who give that one, in any case.

    A type without an access code is sold to everybody.
    """
    if access_code is None:
        return True
    return given is not None and name_key(given) == name_key(access_code)
