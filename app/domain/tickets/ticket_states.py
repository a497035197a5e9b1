"""How a ticket stands, for its holder and for those who may change it."""

from datetime import datetime
from enum import StrEnum

from app.domain.checkin.doors import doors_close_at
from app.domain.languages import marked
from app.domain.states import TicketStatus


class TicketState(StrEnum):
    """Why a ticket is good, or is not; the first that holds."""

    REFUNDED = "refunded"
    REVOKED = "revoked"
    EVENT_CANCELLED = "event-cancelled"
    USED = "used"
    EVENT_BEGUN = "event-begun"
    EVENT_OVER = "event-over"
    VALID = "valid"

    @property
    def sentence(self) -> str:
        """The same in words."""
        return _SENTENCES[self]


_SENTENCES = {
    TicketState.REFUNDED: marked("it was refunded"),
    TicketState.REVOKED: marked("the organizer has revoked it"),
    TicketState.EVENT_CANCELLED: marked("the event was cancelled"),
    TicketState.USED: marked("it has been used"),
    TicketState.EVENT_BEGUN: marked("the event has begun"),
    TicketState.EVENT_OVER: marked("the event is over"),
    TicketState.VALID: marked("it is valid"),
}


def state_of(
    *,
    status: TicketStatus,
    revoked_at: datetime | None,
    used_at: datetime | None,
    cancelled_at: datetime | None,
    starts_at: datetime,
    ends_at: datetime | None,
    now: datetime,
) -> TicketState:
    """How a ticket with these columns, of such an event, stands now."""
    found = (
        (status == TicketStatus.VOID, TicketState.REFUNDED),
        (revoked_at is not None, TicketState.REVOKED),
        (cancelled_at is not None, TicketState.EVENT_CANCELLED),
        (used_at is not None, TicketState.USED),
        (now >= doors_close_at(starts_at, ends_at), TicketState.EVENT_OVER),
        (now >= starts_at, TicketState.EVENT_BEGUN),
    )
    return next((state for holds, state in found if holds), TicketState.VALID)
