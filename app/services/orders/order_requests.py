"""What buyers want, in their words and in the shop's."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import OrderValueInvalid, TicketTypeNotFound
from app.domain.events.schedules import Schedule
from app.domain.ids import EventId, TicketTypeId
from app.domain.text import name_key
from app.domain.users.attempts import UNKNOWN_CLIENT, ClientAddress
from app.models.events.ticket_types import TicketType


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedItem:
    """Places of one type, with the names of those who will come, as far as they are known."""

    ticket_type_id: TicketTypeId
    quantity: int
    attendees: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRequest:
    """What a buyer wants of one event. Without items: one ticket of the first type on sale."""

    event_id: EventId
    items: Sequence[RequestedItem] = ()
    access_code: str | None = None
    promo_code: str | None = None
    buyer_name: str | None = None
    """A guest's, for this order alone; also of places that name nobody else."""
    client: ClientAddress = UNKNOWN_CLIENT
    """From where it is wanted; wrong codes are counted under it."""

    @property
    def key(self) -> str:
        """The same for the same items, names and promo code, whatever the organizer changes."""
        items = sorted((i.ticket_type_id, i.quantity, list(i.attendees)) for i in self.items)
        promo_code = name_key(self.promo_code) if self.promo_code is not None else None
        return hashlib.sha256(json.dumps([items, promo_code]).encode()).hexdigest()


def requested_of(
    order_request: OrderRequest, types: Sequence[TicketType], *, schedule: Schedule, now: datetime
) -> list[tuple[TicketType, RequestedItem]]:
    """What is wanted, each with its type, in id order."""
    if not order_request.items:
        shown = [t for t in types if t.access_code is None] or types
        first = next((t for t in shown if t.is_on_sale(schedule=schedule, now=now)), shown[0])
        return [(first, RequestedItem(ticket_type_id=first.id, quantity=first.min_per_order))]
    by_id = {ticket_type.id: ticket_type for ticket_type in types}
    wanted: list[tuple[TicketType, RequestedItem]] = []
    for item in sorted(order_request.items, key=lambda item: item.ticket_type_id):
        if item.ticket_type_id not in by_id:
            raise TicketTypeNotFound(item.ticket_type_id)
        if wanted and wanted[-1][1].ticket_type_id == item.ticket_type_id:
            raise OrderValueInvalid("items", "must name each ticket type once")
        if len(item.attendees) > item.quantity:
            raise OrderValueInvalid("items", "must not name more attendees than places")
        wanted.append((by_id[item.ticket_type_id], item))
    return wanted
