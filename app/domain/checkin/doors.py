"""What happens at the door: which way, what is said, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.ids import CheckInId, EventId, TicketId
from app.domain.languages import marked

DOORS_CLOSE_AFTER: Final = timedelta(hours=24)
"""How long after its start an event without an end still admits."""


class Direction(StrEnum):
    """The direction of a scan."""

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
    """The holder is not inside, so cannot leave."""
    NO_REENTRY = "no-reentry"
    """The event allows no re-entry, so leaving is not recorded."""


def doors_close_at(starts_at: datetime, ends_at: datetime | None) -> datetime:
    """From when on an event admits no ticket: its end, or a day after its start."""
    return ends_at if ends_at is not None else starts_at + DOORS_CLOSE_AFTER


TOLERANCE: Final = timedelta(minutes=10)
"""How much before the doors open and after they close people are admitted: clocks differ."""

WORDS: Final[dict[ScanReason, str]] = {
    ScanReason.ADMITTED: marked("Welcome."),
    ScanReason.LEFT: marked("Left. The same ticket lets them in again."),
    ScanReason.UNKNOWN_CODE: marked("No ticket has this code."),
    ScanReason.FORGED: marked("This code is forged: it was not signed by us."),
    ScanReason.WRONG_EVENT: marked("This ticket is for another event."),
    ScanReason.REPLACED: marked(
        "This ticket was passed on or issued again; only its newest code is good."
    ),
    ScanReason.REFUNDED: marked("This ticket was refunded."),
    ScanReason.REVOKED: marked("The organizer has barred this ticket."),
    ScanReason.EVENT_CANCELLED: marked("The event was cancelled."),
    ScanReason.TOO_EARLY: marked("The doors are not open yet."),
    ScanReason.TOO_LATE: marked("The event is over."),
    ScanReason.ALREADY_USED: marked("This ticket was used before."),
    ScanReason.NOT_INSIDE: marked("No one came in with this ticket who could leave."),
    ScanReason.NO_REENTRY: marked("This event has no re-entry, so leaving is not noted."),
}
"""Each reason in plain words."""

REFUSALS: Final = frozenset(ScanReason) - {ScanReason.ADMITTED, ScanReason.LEFT}
"""Reasons to refuse a scan."""

BY_TIMELINE: Final = frozenset(
    {
        ScanReason.ADMITTED,
        ScanReason.LEFT,
        ScanReason.ALREADY_USED,
        ScanReason.NOT_INSIDE,
        ScanReason.NO_REENTRY,
    }
)
"""Reasons that follow from the other scans of the ticket, not from the ticket itself."""


@dataclass(frozen=True, slots=True)
class DoorEvent:
    """An event as the door needs it."""

    id: EventId
    title: str
    starts_at: datetime
    ends_at: datetime | None
    all_day: bool
    doors_open_at: datetime | None
    time_zone: str
    reentry: bool
    cancelled_at: datetime | None

    @property
    def closes_at(self) -> datetime:
        """From when on no ticket is admitted, tolerance aside."""
        return doors_close_at(self.starts_at, self.ends_at)

    def local(self, moment: datetime) -> datetime:
        """In the event's own zone."""
        return moment.astimezone(ZoneInfo(self.time_zone))


@dataclass(frozen=True, slots=True)
class Entry:
    """When and where the holder was admitted."""

    at: datetime
    gate: str | None


@dataclass(frozen=True, slots=True)
class TicketAtDoor:
    """A ticket as the door needs it, with the entry that counts, if its holder came in."""

    id: TicketId
    event_id: EventId
    version: int
    code: str
    is_void: bool
    revoked_at: datetime | None
    used_at: datetime | None
    inside: bool
    attendee_name: str | None
    ticket_type: str
    entry_id: CheckInId | None
    entry_at: datetime | None
    entry_gate: str | None

    @property
    def entry(self) -> Entry | None:
        return None if self.entry_at is None else Entry(self.entry_at, self.entry_gate)


def barred(
    ticket: TicketAtDoor, event: DoorEvent, *, version: int, direction: Direction, at: datetime
) -> ScanReason | None:
    """Why this ticket may not pass at that moment, whatever its other scans; ``None``: it may.

    Leaving is allowed also after the event and with a ticket that was revoked since.
    """
    if version != ticket.version:
        return ScanReason.REPLACED
    if direction == Direction.OUT:
        return None
    if event.cancelled_at is not None:
        return ScanReason.EVENT_CANCELLED
    if ticket.is_void:
        return ScanReason.REFUNDED
    if ticket.revoked_at is not None:
        return ScanReason.REVOKED
    if event.doors_open_at is not None and at < event.doors_open_at - TOLERANCE:
        return ScanReason.TOO_EARLY
    if at >= event.closes_at + TOLERANCE:
        return ScanReason.TOO_LATE
    return None


def stopped(ticket: TicketAtDoor, event: DoorEvent, direction: Direction) -> ScanReason | None:
    """Why the ticket's earlier scans let it not pass this way now; ``None``: they do."""
    if direction == Direction.OUT:
        if not event.reentry:
            return ScanReason.NO_REENTRY
        return None if ticket.inside else ScanReason.NOT_INSIDE
    if ticket.inside or (ticket.used_at is not None and not event.reentry):
        return ScanReason.ALREADY_USED
    return None


def words(reason: ScanReason, entry: Entry | None, *, time_zone: str) -> str:
    """What a person at the gate is told; times are local."""
    if reason != ScanReason.ALREADY_USED or entry is None:
        return WORDS[reason]
    when = entry.at.astimezone(ZoneInfo(time_zone)).strftime("%H:%M:%S on %Y-%m-%d")
    where = f", gate {entry.gate}" if entry.gate else ""
    return f"This ticket was used before: at {when}{where}."
