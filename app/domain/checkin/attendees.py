"""People with tickets, as lists show them."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import OrderId, TicketId
from app.domain.states import TicketStatus


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
