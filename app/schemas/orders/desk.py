from typing import Literal

from pydantic import ConfigDict, Field

from app.domain.states import OrderKind
from app.schemas.base import RequestBody
from app.schemas.orders.notes import NoteText
from app.schemas.orders.orders import OrderItemIn
from app.schemas.people import Email, FullName
from app.services.orders.desk import DeskSale
from app.services.users.guests import Guest


class DeskOrderCreate(RequestBody):
    """Tickets the organizer gives away, or takes the money for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "complimentary",
                    "name": "Ada Obi",
                    "email": "ada@example.com",
                    "items": [{"ticket_type_id": 1, "quantity": 1}],
                    "reason": "Guest of the band",
                }
            ]
        }
    )

    kind: Literal["complimentary", "cash"] = Field(
        description="`cash`: you have the money; it takes a role that sees money."
    )
    name: FullName = Field(
        description="Of the buyer; also of tickets whose item names no other attendee."
    )
    email: Email = Field(description="Of the buyer, who needs no account.")
    items: list[OrderItemIn] = Field(
        min_length=1, max_length=20, description="Hidden ticket types need no access code here."
    )
    reason: NoteText | None = Field(
        default=None, description="The first note on the order; the buyer does not see it."
    )
    send_mail: bool = Field(default=True, description="Whether the tickets are mailed to `email`.")

    def sale(self) -> DeskSale:
        """The same in the shop's own words."""
        return DeskSale(
            kind=OrderKind(self.kind),
            buyer=Guest(name=self.name, email=self.email),
            items=[item.wanted for item in self.items],
            reason=self.reason,
            is_mailed=self.send_mail,
        )
