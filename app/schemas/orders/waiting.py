from typing import Self

from pydantic import ConfigDict, Field

from app.domain.ids import EventId, OrderId, TicketTypeId, UserId, WaitingEntryId
from app.domain.orders.waiting import WaitingEnd
from app.domain.states import WaitingState
from app.repositories.orders.waiters import Waiter
from app.schemas.base import Moment, RequestBody, ResponseBody, RowId
from app.services.orders.waiting import Wait


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
    ended_because: WaitingEnd | None = Field(description="Why it was `ended`.")

    @classmethod
    def of(cls, wait: Wait) -> Self:
        return cls.from_fields(wait, wait.entry)


class WaiterOut(ResponseBody):
    """An account on the waiting list of your event."""

    id: WaitingEntryId
    ticket_type_id: TicketTypeId
    user_id: UserId
    username: str
    full_name: str | None
    email: str
    quantity: int
    state: WaitingState
    place_in_line: int | None = Field(description="`null` for those who do not wait any more.")
    joined_at: Moment
    order_id: OrderId | None = Field(description="The order that holds the places offered.")
    offered_at: Moment | None
    offer_expires_at: Moment | None = Field(description="Until when the offer could be taken.")
    ended_because: WaitingEnd | None = Field(description="Why it was `ended`.")

    @classmethod
    def of(cls, waiter: Waiter) -> Self:
        return cls.from_fields(waiter, waiter.entry)
