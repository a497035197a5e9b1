"""What scanners are told of tickets before they go offline."""

from dataclasses import dataclass

from app.domain.ids import TicketId


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodTicket:
    """A ticket that opens the door, with all a scanner is told of it."""

    id: TicketId
    version: int
    code: str
    ticket_type: str
    attendee_name: str | None
