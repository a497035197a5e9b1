"""What happens at the door: which way, what is said, and why."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

DOORS_CLOSE_AFTER: Final = timedelta(hours=24)
"""How long after its start an event without an end still admits."""


class Direction(StrEnum):
    """Which way somebody goes."""

    IN = "in"
    OUT = "out"


class Verdict(StrEnum):
    """What the door says."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class ScanReason(StrEnum):
    """Why: the closed list that scanners and programs may rely on."""

    ADMITTED = "admitted"
    LEFT = "left"
    UNKNOWN_CODE = "unknown-code"
    """No ticket has this code, or it is no ticket's code at all."""
    FORGED = "forged"
    """It has the form of a ticket's code, and the signature is not ours."""
    WRONG_EVENT = "wrong-event"
    REPLACED = "replaced"
    """The ticket was transferred or issued again; its newer code is good."""
    REFUNDED = "refunded"
    REVOKED = "revoked"
    EVENT_CANCELLED = "event-cancelled"
    TOO_EARLY = "too-early"
    """The doors are not open yet."""
    TOO_LATE = "too-late"
    """The event is over."""
    ALREADY_USED = "already-used"
    NOT_INSIDE = "not-inside"
    """Somebody who is not inside cannot leave."""
    NO_REENTRY = "no-reentry"
    """The event lets nobody out and in again, so leaving is not recorded."""


def doors_close_at(starts_at: datetime, ends_at: datetime | None) -> datetime:
    """From when on an event admits nobody: its end, or a day after its start."""
    return ends_at if ends_at is not None else starts_at + DOORS_CLOSE_AFTER
