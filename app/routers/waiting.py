from fastapi import APIRouter, Response, status

from app.domain.errors import (
    AlreadyWaiting,
    Busy,
    DatabaseUnavailable,
    EventNotFound,
    NotLoggedIn,
    NotSoldOut,
    QuantityNotAllowed,
    SalesClosed,
    TicketTypeNotFound,
    WaitingEntryNotFound,
)
from app.domain.ids import EventId, TicketTypeId, WaitingEntryId
from app.routers.dependencies import CurrentUser, RowIdInPath, ServicesDep
from app.routers.links import link
from app.routers.problems import problems
from app.routers.refusals import BODY_REFUSALS, ValidationFailed
from app.routers.strict_route import StrictRoute
from app.schemas.waiting import WaitingCreate, WaitingOut

router = APIRouter(tags=["orders"], route_class=StrictRoute)

REFUSALS = (NotLoggedIn, Busy, DatabaseUnavailable)


@router.post(
    "/events/{event_id}/waiting-list",
    status_code=status.HTTP_201_CREATED,
    response_model=WaitingOut,
    summary="Join a waiting list",
    responses={
        201: {"links": link("leave_waiting_list", entry_id="$response.body#/id")},
        **problems(
            EventNotFound,
            TicketTypeNotFound,
            SalesClosed,
            QuantityNotAllowed,
            NotSoldOut,
            AlreadyWaiting,
            *REFUSALS,
            *BODY_REFUSALS,
        ),
    },
)
def join_waiting_list(
    event_id: RowIdInPath, body: WaitingCreate, user: CurrentUser, services: ServicesDep
) -> WaitingOut:
    """When a ticket type is sold out: freed places are held for whoever is first in line.

    You get an order and a mail; pay in time, or the next in line gets the places.
    """
    wait = services.waiting.join(
        user=user,
        event_id=EventId(event_id),
        ticket_type_id=TicketTypeId(body.ticket_type_id),
        quantity=body.quantity,
    )
    return WaitingOut.of(wait)


@router.get(
    "/waiting-list/",
    response_model=list[WaitingOut],
    summary="List my places in lines",
    responses=problems(ValidationFailed, *REFUSALS),
)
def list_waiting(user: CurrentUser, services: ServicesDep) -> list[WaitingOut]:
    """The newest first, at most 100."""
    return [WaitingOut.of(wait) for wait in services.waiting.mine(user=user)]


@router.delete(
    "/waiting-list/{entry_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Leave a waiting list",
    responses=problems(WaitingEntryNotFound, ValidationFailed, *REFUSALS),
)
def leave_waiting_list(entry_id: RowIdInPath, user: CurrentUser, services: ServicesDep) -> None:
    """An offer that was made to you already is an order: cancel that instead."""
    services.waiting.leave(user=user, entry_id=WaitingEntryId(entry_id))
