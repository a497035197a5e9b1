from typing import Any

from fastapi import APIRouter, Response, status

from app.domain.errors import (
    CapacityTooSmall,
    EventHasOrders,
    EventNotFound,
    EventValueInvalid,
    LastTicketType,
    PriceNotPayable,
    TicketTypeNameTaken,
    TicketTypeNotFound,
)
from app.domain.events.changes import TicketTypeChanges
from app.http.answers import IdempotentCallDep, answer
from app.http.callers import EventManager, EventViewer
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath, TicketTypeIdInPath
from app.http.preconditions import IfMatchDep
from app.http.strict_route import StrictRoute
from app.schemas.base import RequestBody
from app.schemas.events.ticket_types import (
    TicketTypeChange,
    TicketTypeCreate,
    TicketTypeForOrganizerOut,
)
from app.services.events.ticket_types import NewTicketType

router = APIRouter(
    prefix="/events/{event_id}/ticket-types", tags=["events"], route_class=StrictRoute
)

EVENT_ID, TYPE_ID = "$request.path.event_id", "$response.body#/id"
TYPE_LINKS = {
    **link("change_ticket_type", event_id=EVENT_ID, ticket_type_id=TYPE_ID),
    **link("delete_ticket_type", event_id=EVENT_ID, ticket_type_id=TYPE_ID),
}


@router.get(
    "",
    response_model=list[TicketTypeForOrganizerOut],
    summary="List an event's ticket types",
    responses=problems(EventNotFound),
)
def list_ticket_types(
    event_id: EventIdInPath, organizer: EventViewer, services: ServicesDep
) -> Response:
    """All of them, hidden ones with their access codes. For the organizer only (and admins)."""
    types = services.ticket_types.all_of(event_id=event_id, organizer=organizer)
    return answer([TicketTypeForOrganizerOut.of(ticket_type) for ticket_type in types])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=TicketTypeForOrganizerOut,
    summary="Add a ticket type",
    responses={
        201: {"links": TYPE_LINKS},
        **problems(TicketTypeNameTaken, PriceNotPayable, EventValueInvalid, EventNotFound),
    },
)
def add_ticket_type(
    event_id: EventIdInPath,
    body: TicketTypeCreate,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
    if_match: IfMatchDep,
) -> Response:
    """Sell one more kind of ticket."""
    return call.run(
        lambda: TicketTypeForOrganizerOut.of(
            services.ticket_types.add(
                event_id=event_id,
                organizer=organizer,
                new=new_ticket_type(body),
                if_match=if_match,
            )
        )
    )


@router.patch(
    "/{ticket_type_id}",
    response_model=TicketTypeForOrganizerOut,
    summary="Change a ticket type",
    responses=problems(
        TicketTypeNotFound,
        TicketTypeNameTaken,
        CapacityTooSmall,
        PriceNotPayable,
        EventValueInvalid,
        EventNotFound,
    ),
)
def change_ticket_type(
    event_id: EventIdInPath,
    ticket_type_id: TicketTypeIdInPath,
    body: TicketTypeChange,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
    if_match: IfMatchDep,
) -> Response:
    """Also during the sale; orders placed before keep their price."""
    return call.run(
        lambda: TicketTypeForOrganizerOut.of(
            services.ticket_types.edit(
                event_id=event_id,
                ticket_type_id=ticket_type_id,
                organizer=organizer,
                changes=TicketTypeChanges(**changed_values(body)),
                if_match=if_match,
            )
        )
    )


@router.delete(
    "/{ticket_type_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete a ticket type",
    responses=problems(TicketTypeNotFound, LastTicketType, EventHasOrders, EventNotFound),
)
def delete_ticket_type(
    event_id: EventIdInPath,
    ticket_type_id: TicketTypeIdInPath,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
    if_match: IfMatchDep,
) -> Response:
    """Only while no order has it, and never the last one."""
    return call.run(
        lambda: services.ticket_types.remove(
            event_id=event_id,
            ticket_type_id=ticket_type_id,
            organizer=organizer,
            if_match=if_match,
        )
    )


def new_ticket_type(body: TicketTypeCreate) -> NewTicketType:
    """The same in the shop's own words."""
    return NewTicketType(**own_values(body))


_NAME_INSIDE = {"date": "starts_at", "ticket_price": "price", "draft": "is_draft"}


def own_values(body: RequestBody) -> dict[str, Any]:
    """What a body says, by the shop's own names."""
    return {_NAME_INSIDE.get(name, name): value for name, value in body}


def changed_values(body: RequestBody) -> dict[str, Any]:
    """What a PATCH body sets, by the shop's own names."""
    return {
        _NAME_INSIDE.get(name, name): getattr(body, name) for name in sorted(body.model_fields_set)
    }
