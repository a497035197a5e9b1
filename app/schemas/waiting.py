from typing import Self

from pydantic import ConfigDict, Field

from app.domain.ids import EventId, OrderId, TicketTypeId, WaitingEntryId
from app.domain.states import WaitingState
from app.schemas.base import Moment, RequestBody, ResponseBody, RowId
from app.services.waiting import Wait


class WaitingCreate(RequestBody):
    """What to wait for."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ticket_type_id": 1}]})

    ticket_type_id: RowId
    quantity: int = Field(default=1, ge=1, le=50, description="Within what the type allows.")


class WaitingOut(ResponseBody):
    """Your place in a line."""

    id: WaitingEntryId
    event_id: EventId
    ticket_type_id: TicketTypeId
    quantity: int
    state: WaitingState
    place_in_line: int | None = Field(description="1 is next; `null` once you wait no more.")
    joined_at: Moment
    order_id: OrderId | None = Field(description="The order that holds the places offered to you.")

    @classmethod
    def of(cls, wait: Wait) -> Self:
        entry = wait.entry
        return cls(
            id=entry.id,
            event_id=entry.event_id,
            ticket_type_id=entry.ticket_type_id,
            quantity=entry.quantity,
            state=entry.state,
            place_in_line=wait.place_in_line,
            joined_at=entry.joined_at,
            order_id=entry.order_id,
        )
