from typing import Annotated, Self

from pydantic import ConfigDict, Field

from app.domain.ids import MAX_ID, EventId, OrganizationId, UserId
from app.domain.listings import EventListing
from app.schemas.base import (
    WHOLE_ONLY,
    Kept,
    LocalOrUtc,
    Moment,
    Price,
    RequestBody,
    ResponseBody,
)
from app.schemas.currencies import Currency
from app.schemas.events.event_fields import (
    ALL_DAY,
    ENDS_AT,
    Category,
    Description,
    ImageUrl,
    Location,
    RefundHours,
    Terms,
    TimeZone,
    Title,
)
from app.schemas.events.organizers import OrganizationName
from app.schemas.events.pictures import PictureOut, shown_image
from app.schemas.events.ticket_types import Capacity, PerOrder, TicketTypeCreate, TicketTypeOut


class EventCreate(RequestBody):
    """An event to put on sale."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Lagos Jazz Night",
                    "date": "2030-06-01T19:00:00",
                    "location": "Freedom Park, Lagos",
                    "ticket_price": 2500,
                    "category": "Music",
                    "capacity": 200,
                }
            ]
        }
    )

    title: Title
    date: LocalOrUtc = Field(
        description="When it begins. Without an offset it is local time in `time_zone`; a day "
        "without a time begins at 00:00."
    )
    location: Location = Field(description="Where it takes place, as people will read it.")
    ticket_price: Price = Field(
        description="Price of the one ticket type that the event gets if `ticket_types` is empty, "
        "in major units with at most two decimals; 0 is free. Otherwise at least what Paystack "
        f"charges in the currency. {WHOLE_ONLY} Not used if `ticket_types` has items."
    )
    category: Category | None = Field(default=None, description="A word to filter by.")
    description: Description | None = None
    ends_at: LocalOrUtc | None = Field(default=None, description=ENDS_AT)
    all_day: bool = Field(default=False, description=ALL_DAY)
    time_zone: TimeZone | None = Field(
        default=None, description="IANA zone of the place; the shop's own when left out."
    )
    image_url: ImageUrl | None = Field(default=None, description="A picture, if none is uploaded.")
    currency: Currency | None = Field(
        default=None, description="Of the price; the shop's own when left out."
    )
    capacity: Capacity | None = Field(
        default=None, description="Tickets at most; without it there is no limit."
    )
    shared_capacity: Capacity | None = Field(
        default=None, description="Tickets of all types together at most."
    )
    max_per_buyer: PerOrder | None = Field(
        default=None,
        description="Tickets one buyer may hold or buy at most; transferred ones count for who "
        "bought them.",
    )
    refund_hours: RefundHours | None = Field(
        default=None,
        description="Buyers may refund tickets until so many hours before the start; "
        "without it only the organizer can.",
    )
    doors_open_at: LocalOrUtc | None = Field(
        default=None,
        description="From when on tickets are admitted, not later than `date` unless the event "
        "lasts whole days; without it, at any time.",
    )
    reentry: bool = Field(
        default=False, description="Whether people may leave and come back on the same ticket."
    )
    terms: Terms | None = Field(
        default=None, description="What is printed on each ticket: house rules, what to bring."
    )
    ticket_types: list[TicketTypeCreate] = Field(
        default_factory=list,
        max_length=20,
        description="Several ticket types, each with a price and a capacity of its own: "
        "`ticket_price` and `capacity` of the event are then not used.",
    )
    draft: bool = Field(
        default=False,
        description="Whether it is kept back: only members of the organization see it, and nothing "
        "is sold, until `POST /events/{event_id}/publish`.",
    )
    organization_id: Annotated[OrganizationId, Field(ge=1, le=MAX_ID)] | None = Field(
        default=None,
        description="The organization it will belong to, as its owner or manager; without it, "
        "your personal one.",
    )


class EventChange(RequestBody):
    """What to change about the event; what is left out stays. `null` empties optional fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"location": "Terra Kulture"}]})

    title: Kept[Title] = None
    date: Kept[LocalOrUtc] = Field(
        default=None,
        description="Takes along, by the same shift, what is not given: `ends_at`, `doors_open_at` "
        "and what still lies ahead of the windows of ticket types and promo codes.",
    )
    location: Kept[Location] = None
    ticket_price: Kept[Price] = Field(
        default=None,
        description="Price of the event's only ticket type, for orders from now on; an event with "
        f"several types refuses it, change the type instead. {WHOLE_ONLY}",
    )
    category: Category | None = None
    description: Description | None = None
    ends_at: LocalOrUtc | None = Field(default=None, description=ENDS_AT)
    all_day: Kept[bool] = Field(
        default=None,
        description=f"{ALL_DAY} If they are not given, it lasts the days it touches now.",
    )
    time_zone: Kept[TimeZone] = None
    image_url: ImageUrl | None = None
    currency: Kept[Currency] = Field(
        default=None,
        description="Only while there is no order, and if all prices can be paid in it. Promo "
        "codes of a fixed amount are deleted.",
    )
    capacity: Capacity | None = Field(
        default=None, description="Not below what is sold or held; `null` lifts the limit."
    )
    shared_capacity: Capacity | None = Field(
        default=None, description="Not below what is sold or held; `null` lifts the limit."
    )
    max_per_buyer: PerOrder | None = Field(default=None, description="`null` lifts the limit.")
    refund_hours: RefundHours | None = Field(
        default=None, description="`null`: buyers cannot refund."
    )
    doors_open_at: LocalOrUtc | None = Field(
        default=None,
        description="Not later than `date`, or once that has passed, before the end. `null`: "
        "tickets are admitted at any time.",
    )
    reentry: Kept[bool] = Field(
        default=None, description="Cannot be changed after the first admission."
    )
    terms: Terms | None = None


class EventOut(ResponseBody):
    """An event."""

    id: EventId
    title: str
    date: Moment = Field(description="When it begins, in UTC.")
    location: str
    ticket_price: float = Field(
        description="The lowest price of `ticket_types`, in major units of `currency`."
    )
    category: str | None
    currency: str
    description: str | None
    ends_at: Moment | None
    all_day: bool = Field(
        description="Whether it lasts whole days of `time_zone`, from `date` to before `ends_at`: "
        "show days, without a time."
    )
    time_zone: str
    image_url: str | None = Field(
        description="Of the picture to show: of the uploaded one, else the one given."
    )
    image: PictureOut | None = Field(description="The uploaded picture.")
    capacity: int | None = Field(description="Tickets at most; `null`: no limit.")
    places_left: int | None = Field(description="Places to be had now; `null`: no limit.")
    shared_capacity: int | None
    max_per_buyer: int | None
    refund_hours: int | None
    doors_open_at: Moment | None
    reentry: bool
    terms: str | None
    cancelled_at: Moment | None
    sales_paused_at: Moment | None = Field(
        description="Since when sales are paused; `null`: they are not."
    )
    is_draft: bool = Field(description="Whether it still has to be published.")
    version: int = Field(
        description='Grows with each change of the event or its ticket types; `"1"` in quotes is '
        "its `ETag`."
    )
    ticket_types: list[TicketTypeOut]
    organizer_id: UserId | None = Field(
        description="The account that created it; `null`: it was created without a login."
    )
    organization: OrganizationName

    @classmethod
    def of(cls, event: EventListing) -> Self:
        return cls.from_fields(
            event,
            date=event.starts_at,
            ticket_price=event.price_minor / 100,
            image_url=shown_image(event),
            image=PictureOut.of(event.picture, event.picture_alt),
            ticket_types=[TicketTypeOut.of(t) for t in event.ticket_types],
            organizer_id=event.created_by,
            organization=OrganizationName.of(event),
        )
