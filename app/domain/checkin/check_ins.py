"""Scans as lists show them."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.checkin.doors import Direction, Entry, ScanReason, Verdict
from app.domain.checkin.timelines import Move
from app.domain.ids import CheckInId, DeviceId, TicketId, UserId


@dataclass(frozen=True, slots=True)
class CheckInListing:
    """A scan and what was said to it, with the ticket and the entry it is about."""

    id: CheckInId
    scan_id: str
    verdict: Verdict
    reason: ScanReason
    direction: Direction
    gate: str | None
    scanned_at: datetime
    received_at: datetime
    door_verdict: Verdict | None
    device_id: DeviceId | None
    user_id: UserId | None
    undone_at: datetime | None
    undo_reason: str | None
    ticket_id: TicketId | None
    ticket_type: str | None
    attendee_name: str | None
    entry_at: datetime | None
    entry_gate: str | None

    @property
    def entry(self) -> Entry | None:
        """The entry that stands in the way, or this one."""
        if self.reason == ScanReason.ADMITTED:
            return Entry(self.scanned_at, self.gate)
        return None if self.entry_at is None else Entry(self.entry_at, self.entry_gate)

    @property
    def is_conflict(self) -> bool:
        """An offline scanner noted an entry or exit that the shop would have refused."""
        return self.door_verdict == Verdict.ACCEPTED and self.verdict == Verdict.REFUSED


@dataclass(frozen=True, slots=True)
class KeptMove:
    """A scan that may count, and what is said of it so far."""

    move: Move
    reason: ScanReason
    entry_id: CheckInId | None
    scanned_at: datetime
