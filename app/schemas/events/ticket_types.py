from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field

from app.domain.ids import TicketTypeId
from app.domain.listings import TicketTypeListing
from app.domain.users.names import TICKET_TYPE_KEY, ensure_key_fits
from app.schemas.base import (
    WHOLE_ONLY,
    Kept,
    Line,
    LocalOrUtc,
    MailLine,
    Moment,
    Price,
    RequestBody,
    ResponseBody,
)

TypeName = Annotated[
    MailLine,
    Field(min_length=1, max_length=100),
    AfterValidator(lambda name: ensure_key_fits(name, TICKET_TYPE_KEY)),
]
AccessCode = Annotated[Line, Field(min_length=4, max_length=64)]
PerOrder = Annotated[int, Field(ge=1, le=50)]
Capacity = Annotated[int, Field(ge=1, le=1_000_000)]


class TicketTypeCreate(RequestBody):
    """One more kind of ticket."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "VIP", "ticket_price": 10000, "capacity": 20}]}
    )

    name: TypeName
    ticket_price: Price = Field(
        description="In major units of the event's currency; 0 is free. The fewest tickets of an "
        f"order cost at most 10,000,000 together. {WHOLE_ONLY}"
    )
    capacity: Capacity | None = Field(
        default=None, description="Tickets of this type at most; without it there is no limit."
    )
    sales_open_at: LocalOrUtc | None = Field(
        default=None,
        description="On sale from then on, before the event's end; local time without an offset.",
    )
    sales_close_at: LocalOrUtc | None = Field(
        default=None,
        description="On sale until then, at most until the event's end; when left out, until the "
        "event begins.",
    )
    min_per_order: PerOrder = Field(default=1, description="Tickets an order must hold at least.")
    max_per_order: PerOrder = Field(default=10, description="Tickets an order may hold at most.")
    access_code: AccessCode | None = Field(
        default=None, description="Shows and sells this type only to those who send this code."
    )


class TicketTypeChange(RequestBody):
    """What to change about the type; what is left out stays. `null` empties optional fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"capacity": 30}]})

    name: Kept[TypeName] = None
    ticket_price: Kept[Price] = Field(
        default=None, description=f"Price for orders from now on. {WHOLE_ONLY}"
    )
    capacity: Capacity | None = Field(
        default=None, description="Not below what is sold or held; `null` lifts the limit."
    )
    sales_open_at: LocalOrUtc | None = None
    sales_close_at: LocalOrUtc | None = None
    min_per_order: Kept[PerOrder] = None
    max_per_order: Kept[PerOrder] = None
    access_code: AccessCode | None = None


class TicketTypeOut(ResponseBody):
    """A kind of ticket."""

    id: TicketTypeId
    name: str
    ticket_price: float = Field(description="In major units of the event's currency.")
    capacity: int | None
    places_left: int | None = Field(description="`null`: no limit of its own.")
    sales_open_at: Moment | None
    sales_close_at: Moment | None
    min_per_order: int
    max_per_order: int

    @classmethod
    def of(cls, ticket_type: TicketTypeListing) -> Self:
        return cls.from_fields(ticket_type, ticket_price=ticket_type.price_minor / 100)


class TicketTypeForOrganizerOut(TicketTypeOut):
    """A kind of ticket, as its organizer sees it."""

    access_code: str | None
    taken: int = Field(description="Places sold or held.")
