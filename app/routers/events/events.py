from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response, status
from pydantic import WithJsonSchema

from app.domain.errors import (
    CapacityTooSmall,
    EmailNotConfirmed,
    EventHasOrders,
    EventInPast,
    EventIsDraft,
    EventNotFound,
    EventValueInvalid,
    OrganizationNotFound,
    OrganizationRoleMissing,
    PriceNotPayable,
    RoleMissing,
    TicketTypeNameTaken,
)
from app.domain.events.changes import EventChanges
from app.domain.events.lists import EventFilter
from app.domain.events.versions import etag_of
from app.domain.listings import EventListing
from app.domain.moments import in_zone
from app.domain.money import SUBUNITS_PER_UNIT
from app.domain.paging import EventSort
from app.http.admin_log import note_operation
from app.http.answers import IdempotentCallDep, PagingDep, PublicCallDep, answer
from app.http.callers import CurrentUserIfAny, EventManager, public
from app.http.dependencies import AccessToken, ServicesDep, claims_of
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath
from app.http.preconditions import ETAG_HEADER, IfMatchDep
from app.http.strict_route import StrictRoute
from app.routers.events.ticket_types import changed_values, new_ticket_type, own_values
from app.schemas.base import LocalOrUtc, Text
from app.schemas.events.event_life import CancellationOut, CancellationRequest
from app.schemas.events.events import EventChange, EventCreate, EventOut
from app.schemas.payments.payments import money_in
from app.services.events.new_events import NewEvent

router = APIRouter(prefix="/events", tags=["events"], route_class=StrictRoute)

MajorUnits = Annotated[
    Decimal,
    Query(ge=0, le=10_000_000, max_digits=10, decimal_places=2),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10_000_000, "multipleOf": 0.01}),
]
ID = "$response.body#/id"
FIRST_TYPE_ID = "$response.body#/ticket_types/0/id"
EVENT_LINKS = {
    **link("buy_ticket", body={"event_id": ID}),
    **link("place_order", body={"event_id": ID}),
    **link("check_out", body={"event_id": ID}),
    **link("change_ticket_type", ticket_type_id=FIRST_TYPE_ID),
    **link("join_waiting_list", body={"ticket_type_id": FIRST_TYPE_ID}),
}
"""Beside those to every operation with an event's id in its path, which are added for all."""


def event_answer(event: EventListing, *, status: int = 200) -> Response:
    """The event, with its version as ETag."""
    return answer(EventOut.of(event), status=status, headers={"ETag": etag_of(event.version)})


@router.get(
    "/",
    response_model=list[EventOut],
    summary="List events",
)
@public
def list_events(
    services: ServicesDep,
    paging: PagingDep,
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
    past: Annotated[bool, Query(description="Also events that are over.")] = False,
    cancelled: Annotated[bool, Query(description="Also events that were cancelled.")] = False,
    sort: Annotated[EventSort, Query(description="`-` turns the order round.")] = EventSort.DATE,
) -> Response:
    """Everybody may look. Lists what is on or lies ahead; `past` and `cancelled` ask for more.

    Pages are linked by the header `Link`.
    """
    which = EventFilter(
        category=category,
        words=q,
        starts_from=in_zone(date_from, "UTC") if date_from else None,
        starts_before=in_zone(date_to, "UTC") if date_to else None,
        price_min_minor=_minor(price_min),
        price_max_minor=_minor(price_max),
        past=past,
        cancelled=cancelled,
    )
    page = services.events.page(
        which, sort=sort, after=paging.after(sort.value), limit=paging.limit
    )
    return paging.answer(page.of(EventOut.of))


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    response_model=EventOut,
    summary="Create an event",
    responses={
        201: {"links": EVENT_LINKS, "headers": ETAG_HEADER},
        **problems(
            RoleMissing,
            EmailNotConfirmed,
            OrganizationNotFound,
            OrganizationRoleMissing,
            EventInPast,
            EventValueInvalid,
            PriceNotPayable,
            TicketTypeNameTaken,
        ),
    },
    openapi_extra={"security": [{}]},  # the demo lets everybody create events
)
def create_event(
    body: EventCreate,
    request: Request,
    organizer: CurrentUserIfAny,
    services: ServicesDep,
    call: PublicCallDep,
) -> Response:
    """Put an event on sale, or with `draft` keep it back. Needs an organizer, except in the demo.

    The answer includes ticket types that need an access code; `GET /events/{event_id}` leaves
    them out.
    """
    if organizer is not None and body.organization_id is not None:
        note_operation(request, organizer, services, organization_id=body.organization_id)
    new = new_event(body, request)
    return call.run(
        lambda: event_answer(services.events.create(organizer=organizer, new=new), status=201)
    )


@router.get(
    "/{event_id}",
    response_model=EventOut,
    summary="Show an event",
    responses={200: {"headers": ETAG_HEADER}, **problems(EventNotFound)},
    openapi_extra={"security": [{}]},  # only a draft asks who reads it
)
@public
def show_event(
    event_id: EventIdInPath, request: Request, services: ServicesDep, token: AccessToken
) -> Response:
    """Everybody may look; a draft only its organization's members do who see what is hidden."""
    try:
        event = services.events.get(event_id)
    except EventNotFound:
        if token is None:
            raise
        reader = services.sessions.caller(claims_of(request, token))
        note_operation(request, reader, services)
        event = services.event_life.show_to_member(event_id=event_id, reader=reader)
    return event_answer(event)


@router.patch(
    "/{event_id}",
    response_model=EventOut,
    summary="Change an event",
    responses={
        200: {"headers": ETAG_HEADER},
        **problems(
            EventNotFound,
            EventHasOrders,
            CapacityTooSmall,
            EventInPast,
            EventValueInvalid,
            PriceNotPayable,
        ),
    },
)
def change_event(
    event_id: EventIdInPath,
    body: EventChange,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
    if_match: IfMatchDep,
) -> Response:
    """Only its organizer may (and admins); to all others it is not found.

    With the `ETag` of the event in `If-Match` a change does not undo another one made in between.
    """
    changes = EventChanges(**changed_values(body))
    return call.run(
        lambda: event_answer(
            services.events.edit(
                event_id=event_id, organizer=organizer, changes=changes, if_match=if_match
            )
        )
    )


@router.delete(
    "/{event_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete an event",
    responses=problems(EventNotFound, EventHasOrders),
)
def delete_event(
    event_id: EventIdInPath,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
    if_match: IfMatchDep,
) -> Response:
    """Only its organizer and admins may, and only before the first order.

    Needed first: an event that has no orders; put its id.
    """
    return call.run(
        lambda: services.events.delete(event_id=event_id, organizer=organizer, if_match=if_match)
    )


@router.post(
    "/{event_id}/cancellation",
    response_model=CancellationOut,
    summary="Cancel an event",
    responses=problems(EventNotFound, EventIsDraft),
)
def cancel_event(
    event_id: EventIdInPath,
    body: CancellationRequest,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Ends sales and pays everybody back. A dry run, the default, only says what that means.

    The refunds are made in the background; call again to see how far they are.
    """

    def cancel() -> CancellationOut:
        found = services.events.cancel(event_id=event_id, organizer=organizer, dry_run=body.dry_run)
        money = money_in(found.currency)
        return CancellationOut.from_fields(
            found, to_refund=money(found.minor_to_refund), refunded=money(found.minor_refunded)
        )

    return call.run(cancel)


def new_event(body: EventCreate, request: Request) -> NewEvent:
    """The same in the shop's own words, and with its defaults."""
    defaults = request.app.state.event_defaults
    time_zone = body.time_zone or defaults.time_zone
    filled_in = {
        "starts_at": in_zone(body.date, time_zone),
        "ends_at": in_zone(body.ends_at, time_zone) if body.ends_at else None,
        "doors_open_at": in_zone(body.doors_open_at, time_zone) if body.doors_open_at else None,
        "time_zone": time_zone,
        "currency": body.currency or defaults.currency,
        "ticket_types": [new_ticket_type(described) for described in body.ticket_types],
    }
    return NewEvent(**own_values(body) | filled_in)


def _minor(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * SUBUNITS_PER_UNIT)
