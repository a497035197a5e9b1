from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import WithJsonSchema

from app.domain.errors import (
    Busy,
    CapacityTooSmall,
    DatabaseUnavailable,
    EventHasOrders,
    EventInPast,
    EventNotFound,
    EventValueInvalid,
    NotLoggedIn,
    PriceNotPayable,
    RoleMissing,
)
from app.domain.ids import EventId
from app.domain.money import SUBUNITS_PER_UNIT
from app.domain.paging import Cursor, CursorInvalid, EventSort
from app.repositories.events import EventFilter
from app.routers.dependencies import (
    LINK_HEADER,
    CurrentUser,
    CurrentUserIfAny,
    CursorText,
    Limit,
    RowIdInPath,
    ServicesDep,
    link_next,
)
from app.routers.links import link
from app.routers.problems import problems
from app.routers.refusals import BODY_REFUSALS, ValidationFailed
from app.routers.strict_route import StrictRoute
from app.schemas.base import LocalOrUtc, Text
from app.schemas.events import EventChange, EventCreate, EventOut, in_utc_of
from app.services.events import EventChanges, NewEvent

router = APIRouter(prefix="/events", tags=["events"], route_class=StrictRoute)

DatabaseRefusals = (Busy, DatabaseUnavailable)
MajorUnits = Annotated[
    Decimal,
    Query(ge=0, le=10_000_000, max_digits=10, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10_000_000, "multipleOf": 0.01}),
]
EVENT_LINKS = {
    **link("show_event", event_id="$response.body#/id"),
    **link("pay", body={"event_id": "$response.body#/id"}),
    **link("change_event", event_id="$response.body#/id"),
    **link("delete_event", event_id="$response.body#/id"),
}


@router.get(
    "/",
    response_model=list[EventOut],
    summary="List events",
    responses={
        200: {"headers": LINK_HEADER},
        **problems(ValidationFailed, CursorInvalid, *DatabaseRefusals),
    },
)
def list_events(
    request: Request,
    response: Response,
    services: ServicesDep,
    category: Annotated[Text | None, Query(max_length=60, description="Of this category.")] = None,
    q: Annotated[
        Text | None,
        Query(max_length=100, description="With all these words in title, place or description."),
    ] = None,
    date_from: Annotated[
        LocalOrUtc | None,
        Query(description="Beginning then or later; UTC if no offset is given."),
    ] = None,
    date_to: Annotated[
        LocalOrUtc | None,
        Query(description="Beginning before then; UTC if no offset is given."),
    ] = None,
    price_min: Annotated[MajorUnits | None, Query(description="In major units.")] = None,
    price_max: Annotated[MajorUnits | None, Query(description="In major units.")] = None,
    sort: Annotated[EventSort, Query(description="`-` turns the order round.")] = EventSort.DATE,
    limit: Limit = 20,
    cursor: CursorText = None,
) -> list[EventOut]:
    """Everybody may look. Pages are linked by the header `Link`."""
    which = EventFilter(
        category=category,
        words=q,
        starts_from=in_utc_of(date_from, "UTC") if date_from else None,
        starts_before=in_utc_of(date_to, "UTC") if date_to else None,
        price_min_minor=_minor(price_min),
        price_max_minor=_minor(price_max),
    )
    after = Cursor.decode(cursor, sort=sort.value) if cursor else None
    page = services.events.page(which, sort=sort, after=after, limit=limit)
    link_next(request, response, page)
    return [EventOut.of(event) for event in page.items]


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    response_model=EventOut,
    summary="Create an event",
    responses={
        201: {"links": EVENT_LINKS},
        **problems(
            NotLoggedIn,
            RoleMissing,
            EventInPast,
            EventValueInvalid,
            PriceNotPayable,
            *DatabaseRefusals,
            *BODY_REFUSALS,
        ),
    },
)
def create_event(
    body: EventCreate, request: Request, organizer: CurrentUserIfAny, services: ServicesDep
) -> EventOut:
    """Put an event on sale. Needs an organizer, except in the demo environment."""
    defaults = request.app.state.event_defaults
    time_zone = body.time_zone or defaults.time_zone
    event = services.events.create(
        organizer=organizer,
        new=NewEvent(
            title=body.title,
            starts_at=in_utc_of(body.date, time_zone),
            location=body.location,
            price=body.ticket_price,
            category=body.category,
            description=body.description,
            ends_at=in_utc_of(body.ends_at, time_zone) if body.ends_at else None,
            time_zone=time_zone,
            image_url=body.image_url,
            currency=body.currency or defaults.currency,
            capacity=body.capacity,
        ),
    )
    return EventOut.of(event)


@router.get(
    "/{event_id}",
    response_model=EventOut,
    summary="Show an event",
    responses=problems(EventNotFound, ValidationFailed, *DatabaseRefusals),
)
def show_event(event_id: RowIdInPath, services: ServicesDep) -> EventOut:
    """Everybody may look."""
    return EventOut.of(services.events.get(EventId(event_id)))


@router.patch(
    "/{event_id}",
    response_model=EventOut,
    summary="Change an event",
    responses=problems(
        NotLoggedIn,
        EventNotFound,
        EventHasOrders,
        CapacityTooSmall,
        EventInPast,
        EventValueInvalid,
        PriceNotPayable,
        *DatabaseRefusals,
        *BODY_REFUSALS,
    ),
)
def change_event(
    event_id: RowIdInPath, body: EventChange, organizer: CurrentUser, services: ServicesDep
) -> EventOut:
    """Only its organizer may (and admins); to all others it is not found."""
    changes = EventChanges(_changed_values(body))
    event = services.events.edit(event_id=EventId(event_id), organizer=organizer, changes=changes)
    return EventOut.of(event)


@router.delete(
    "/{event_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Delete an event",
    responses=problems(
        NotLoggedIn, EventNotFound, EventHasOrders, ValidationFailed, *DatabaseRefusals
    ),
)
def delete_event(event_id: RowIdInPath, organizer: CurrentUser, services: ServicesDep) -> None:
    """Only its organizer may (and admins), and only while nobody has ordered a ticket."""
    services.events.delete(event_id=EventId(event_id), organizer=organizer)


_NAME_INSIDE = {"date": "starts_at", "ticket_price": "price"}


def _changed_values(body: EventChange) -> dict[str, Any]:
    return {
        _NAME_INSIDE.get(name, name): getattr(body, name) for name in sorted(body.model_fields_set)
    }


def _minor(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * SUBUNITS_PER_UNIT)
