"""What a buyer asks for."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.ids import EventId, TicketTypeId
from app.domain.languages import Language
from app.domain.text import name_key
from app.domain.users.attempts import UNKNOWN_CLIENT, ClientAddress


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
    """A guest's, for this order alone; also of places that name no other person."""
    language: Language | None = None
    """What a guest reads; ``None``: not told, or it is an account's order."""
    client: ClientAddress = UNKNOWN_CLIENT
    """From where it is wanted; wrong codes are counted under it."""

    @property
    def key(self) -> str:
        """The same for the same items, names and promo code, whatever the organizer changes."""
        items = sorted((i.ticket_type_id, i.quantity, list(i.attendees)) for i in self.items)
        promo_code = name_key(self.promo_code) if self.promo_code is not None else None
        return hashlib.sha256(json.dumps([items, promo_code]).encode()).hexdigest()


def opens(access_code: str | None, given: str | None) -> bool:
    """Whether a ticket type with this access code is sold to those who give that one, in any case.

    A type without an access code is sold to everybody.
    """
    if access_code is None:
        return True
    return given is not None and name_key(given) == name_key(access_code)
