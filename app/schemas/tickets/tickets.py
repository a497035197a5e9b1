import base64
from typing import Literal, Self

from pydantic import Field

from app.domain.ids import EventId, TicketId, UserId
from app.domain.listings import TicketListing
from app.domain.tickets.ticket_states import TicketState
from app.schemas.base import Moment, ResponseBody


class TicketOut(ResponseBody):
    """A ticket of yours, with what opens the door."""

    id: TicketId
    user_id: UserId
    event_id: EventId
    event_title: str
    event_location: str
    event_date: Moment
    event_all_day: bool = Field(description="Whether the event lasts whole days.")
    purchase_date: Moment
    is_used: bool
    code: str = Field(description="The content of the QR code. Anyone who has it has the ticket.")
    short_code: str = Field(description="Opens the door as well, typed by hand.")
    is_revoked: bool = Field(description="Whether the organizer has barred it from the door.")
    is_refunded: bool = Field(description="Whether it was refunded: it opens no door.")
    status: Literal["valid", "used", "revoked", "refunded"] = Field(
        description="`refunded` and `revoked` ones open no door."
    )
    qr_code_base64: str = Field(description="The QR code: a PNG in base64.")

    @classmethod
    def of(cls, ticket: TicketListing, *, code: str, png: bytes) -> Self:
        return cls.from_fields(
            ticket,
            event_date=ticket.starts_at,
            event_all_day=ticket.all_day,
            code=code,
            is_revoked=ticket.revoked_at is not None,
            is_refunded=ticket.state == TicketState.REFUNDED,
            status=ticket.state.value,
            qr_code_base64=base64.b64encode(png).decode(),
        )
