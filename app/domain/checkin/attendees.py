"""People with tickets, as lists show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import CheckInId, OrderId, TicketId, UserId
from app.domain.states import TicketStatus


@dataclass(frozen=True, slots=True)
class StaffListing:
    """An account that checks in tickets of an event."""

    user_id: UserId
    username: str
    full_name: str | None
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodTicket:
    """A ticket that opens the door, with all a scanner is told of it."""

    id: TicketId
    version: int
    code: str
    ticket_type: str
    attendee_name: str | None


@dataclass(frozen=True, slots=True)
class TypeCount:
    """Of one ticket type: valid tickets, and those whose holder came in."""

    ticket_type: str
    tickets: int
    admitted: int


@dataclass(frozen=True, slots=True)
class GateCount:
    """Through one gate; ``None`` are those of gates without a name."""

    gate: str | None
    admitted: int


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """Of a whole event. ``refused`` counts scans, all else tickets."""

    tickets: int
    inside: int
    admitted: int
    refused: int
    by_type: Sequence[TypeCount]
    by_gate: Sequence[GateCount]


@dataclass(frozen=True, slots=True)
class AttendeeListing:
    """A ticket and its holder."""

    ticket_id: TicketId
    ticket_type: str
    attendee_name: str | None
    full_name: str | None
    username: str
    email: str
    order_id: OrderId
    status: TicketStatus
    used_at: datetime | None
    revoked_at: datetime | None

    @property
    def holder_name(self) -> str:
        return self.full_name or self.username


@dataclass(frozen=True, slots=True)
class HolderAtDoor:
    """A ticket and its holder as people at the gate see them: no address, no money."""

    ticket_id: TicketId
    ticket_type: str
    attendee_name: str | None
    full_name: str | None
    username: str
    order_id: OrderId
    status: TicketStatus
    used_at: datetime | None
    revoked_at: datetime | None
    inside: bool
    entry_id: CheckInId | None
    """The check-in that counts, if the holder came in."""

    @property
    def name(self) -> str:
        """Of who comes with the ticket, as far as it is known."""
        return self.attendee_name or self.full_name or self.username

    @property
    def is_good(self) -> bool:
        return self.status == TicketStatus.VALID and self.revoked_at is None

    def may_come_in(self, *, reentry: bool) -> bool:
        """Whether the ticket's own state and its earlier scans are no reason to refuse it."""
        return self.is_good and not self.inside and (reentry or self.used_at is None)
