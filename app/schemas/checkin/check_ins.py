from typing import Annotated, Self

from pydantic import ConfigDict, Field

from app.domain.checkin.attendees import AttendeeListing
from app.domain.checkin.doors import Direction, ScanReason, Verdict
from app.domain.ids import CheckInId, DeviceId, OrderId, TicketId, UserId
from app.domain.states import TicketStatus
from app.schemas.base import Line, LocalOrUtc, Moment, RequestBody, ResponseBody, Text
from app.schemas.checkin.devices import Gate
from app.services.checkin.check_ins import Answer

ScanId = Annotated[str, Field(pattern=r"^[!-~]{1,64}$", max_length=64)]
Code = Annotated[Text, Field(max_length=512)]


class ScanRequest(RequestBody):
    """A code that is held before a scanner."""

    model_config = ConfigDict(
        str_strip_whitespace=False,
        json_schema_extra={
            "examples": [
                {"code": "8KQ2-M0XA-T7PZ-41RD", "scan_id": "phone-3-000017", "gate": "North"}
            ]
        },
    )

    code: Code = Field(description="What the QR code says, or the short code as it was typed.")
    scan_id: ScanId = Field(
        description="Your own name for this scan, a new one for each. Sent again, as after a lost "
        "connection, it is answered as the first time and not counted twice."
    )
    gate: Gate | None = Field(default=None, description="Where; else where the scanner stands.")
    direction: Direction = Field(
        default=Direction.IN, strict=False, description="`out` where people may come back."
    )
    scanned_at: LocalOrUtc | None = Field(
        default=None, description="When, if it was a moment ago; UTC if no offset is given."
    )


class TicketSeenOut(ResponseBody):
    """The ticket that was scanned."""

    id: TicketId
    ticket_type: str
    attendee_name: str | None


class EntryOut(ResponseBody):
    """When and where the holder was admitted."""

    at: Moment
    gate: str | None


class CheckInOut(ResponseBody):
    """A scan, and what was said to it."""

    id: CheckInId
    scan_id: str
    verdict: Verdict
    reason: ScanReason
    message: str = Field(description="The reason in plain words.")
    direction: Direction
    gate: str | None
    scanned_at: Moment
    is_repeat: bool = Field(description="The scan was known; nothing was counted again.")
    ticket: TicketSeenOut | None
    entry: EntryOut | None = Field(description="The entry that stands in the way, or this one.")
    is_conflict: bool = Field(
        description="A scanner admitted the holder while it was offline, and should not have."
    )
    device_id: DeviceId | None
    user_id: UserId | None
    undone_at: Moment | None
    undo_reason: str | None

    @classmethod
    def of(cls, answer: Answer) -> Self:
        found = answer.check_in
        is_known = found.ticket_id is not None and found.ticket_type is not None
        ticket = TicketSeenOut.from_fields(found, id=found.ticket_id) if is_known else None
        return cls.from_fields(answer, found, ticket=ticket)


class UndoRequest(RequestBody):
    """Why a check-in is taken back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Scanned by mistake, they did not come in"}]}
    )

    reason: Line = Field(min_length=1, max_length=300)


class TypeCountOut(ResponseBody):
    """Of one ticket type."""

    ticket_type: str
    tickets: int
    admitted: int


class GateCountOut(ResponseBody):
    """Through one gate; `null` is one without a name."""

    gate: str | None
    admitted: int


class CountsOut(ResponseBody):
    """How many came."""

    tickets: int = Field(description="Valid ones.")
    inside: int = Field(description="Tickets whose holder is inside.")
    admitted: int = Field(description="Tickets whose holder came in, and perhaps left.")
    refused: int = Field(description="Scans that were refused.")
    by_type: list[TypeCountOut]
    by_gate: list[GateCountOut]


class AttendeeOut(ResponseBody):
    """A ticket and its holder."""

    ticket_id: TicketId
    ticket_type: str
    attendee_name: str | None
    holder_name: str
    email: str
    order_id: OrderId
    status: TicketStatus
    is_used: bool
    used_at: Moment | None
    is_revoked: bool

    @classmethod
    def of(cls, attendee: AttendeeListing) -> Self:
        return cls.from_fields(
            attendee,
            is_used=attendee.used_at is not None,
            is_revoked=attendee.revoked_at is not None,
        )
