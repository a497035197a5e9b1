from pydantic import ConfigDict, Field

from app.domain.ids import EventId, TicketId, TransferId
from app.domain.states import TicketStatus, TransferState
from app.schemas.base import Line, MailLine, Moment, RequestBody, ResponseBody
from app.schemas.people import Email, FullName


class TransferOffer(RequestBody):
    """Who shall have the ticket."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "bola@example.com", "name": "Bola Ade"}]}
    )

    email: Email = Field(description="Where the link that accepts it is sent.")
    name: FullName | None = Field(default=None, description="Who will come, as far as it is known.")


class TransferAcceptance(RequestBody):
    """The secret of an offer."""

    token: Line = Field(
        min_length=1,
        max_length=64,
        description="From the link in the mail about the offer.",
        examples=["1.a2V5IG9mIHRoZSBtYWls"],
    )


class TransferOut(ResponseBody):
    """An offer of a ticket to another person."""

    id: TransferId
    ticket_id: TicketId
    to_email: str
    to_name: str | None
    state: TransferState
    offered_at: Moment
    expires_at: Moment = Field(description="Until when it can be accepted.")


class TicketReason(RequestBody):
    """Why a ticket is issued again or revoked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "The phone was stolen"}]})

    reason: MailLine = Field(min_length=1, max_length=300, description="For people to read.")


class TicketStandingOut(ResponseBody):
    """How a ticket stands, without what opens the door: that is its holder's."""

    id: TicketId
    event_id: EventId
    version: int = Field(description="Only codes of this version open the door.")
    status: TicketStatus
    is_used: bool
    attendee_name: str | None
    revoked_at: Moment | None
    revoked_reason: str | None
