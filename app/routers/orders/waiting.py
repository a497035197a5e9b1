from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.domain.errors import (
    AlreadyWaiting,
    BuyerLimitReached,
    EmailNotConfirmed,
    EventNotFound,
    NotSoldOut,
    QuantityNotAllowed,
    SalesClosed,
    SalesPaused,
    TicketTypeNotFound,
    TooManyLapsedHolds,
    WaitingEntryNotFound,
)
from app.domain.ids import TicketTypeId
from app.domain.orders.waiting import WaitingFilter
from app.domain.paging import OLDEST_FIRST
from app.domain.states import WaitingState
from app.http.answers import IdempotentCallDep, PagingDep, answer
from app.http.callers import CurrentUser, OrderManager, OrderViewer, Owner
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath, WaitingEntryIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.base import Text
from app.schemas.orders.waiting import WaiterOut, WaitingCreate, WaitingOut

router = APIRouter(tags=["orders"], route_class=StrictRoute)

StateFilter = Annotated[
    WaitingState | None,
    Query(
        description="Only entries in this state; left out: those `waiting`, and those with an "
        "offer. `unconfirmed` ones are not listed."
    ),
]
Words = Annotated[
    Text | None,
    Query(
        min_length=1,
        max_length=100,
        description="A part of the user name, the full name or the e-mail address.",
    ),
]

ENTRY_LINKS = {
    **link("list_my_waiting_list_entries"),
    **link("leave_waiting_list", entry_id="$response.body#/id"),
    **link(
        "remove_waiting_list_entry",
        event_id="$response.body#/event_id",
        entry_id="$response.body#/id",
    ),
}


@router.post(
    "/events/{event_id}/waiting-list",
    status_code=status.HTTP_201_CREATED,
    response_model=WaitingOut,
    summary="Join a waiting list",
    responses={
        201: {"links": ENTRY_LINKS},
        **problems(
            EventNotFound,
            TicketTypeNotFound,
            SalesClosed,
            SalesPaused,
            QuantityNotAllowed,
            BuyerLimitReached,
            EmailNotConfirmed,
            TooManyLapsedHolds,
            NotSoldOut,
            AlreadyWaiting,
        ),
    },
)
def join_waiting_list(
    event_id: EventIdInPath,
    body: WaitingCreate,
    user: CurrentUser,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """When fewer places are free than you want: freed ones are held for the first in line.

    You get an order and a mail; pay in time, or the next in line gets the places. Needs a confirmed
    e-mail address. The first entry that wants no more than is free is served first.

    Needed first: a sold-out ticket type, and a confirmed e-mail address.
    """
    return call.run(
        lambda: WaitingOut.of(
            services.waiting.join(
                user=user,
                event_id=event_id,
                ticket_type_id=TicketTypeId(body.ticket_type_id),
                quantity=body.quantity,
            )
        )
    )


@router.get(
    "/events/{event_id}/waiting-list",
    response_model=list[WaiterOut],
    summary="List an event's waiting list",
    responses=problems(EventNotFound),
)
def list_event_waiting_list(
    event_id: EventIdInPath,
    organizer: OrderViewer,
    services: ServicesDep,
    paging: PagingDep,
    state: StateFilter = None,
    q: Words = None,
) -> Response:
    """In the order in which they joined. For members who may see orders (and admins)."""
    page = services.waiting.of_event(
        organizer=organizer,
        event_id=event_id,
        which=WaitingFilter(state=state, words=q),
        after=paging.after(OLDEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(WaiterOut.of))


@router.delete(
    "/events/{event_id}/waiting-list/{entry_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove an entry from a waiting list",
    responses=problems(EventNotFound, WaitingEntryNotFound),
)
def remove_waiting_list_entry(
    event_id: EventIdInPath,
    entry_id: WaitingEntryIdInPath,
    organizer: OrderManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Its owner is told by mail. An offer is an order already: release that instead.

    Needed first: an entry in the event's waiting list.
    """
    return call.run(
        lambda: services.waiting.remove(organizer=organizer, event_id=event_id, entry_id=entry_id)
    )


@router.get(
    "/waiting-list/",
    response_model=list[WaitingOut],
    summary="List my waiting list entries",
)
def list_my_waiting_list_entries(user: CurrentUser, services: ServicesDep) -> Response:
    """The newest first, at most 100."""
    return answer([WaitingOut.of(wait) for wait in services.waiting.mine(user=user)])


@router.delete(
    "/waiting-list/{entry_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Leave a waiting list",
    responses=problems(WaitingEntryNotFound),
)
def leave_waiting_list(
    entry_id: WaitingEntryIdInPath,
    user: Owner,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """An offer that was made to you already is an order: cancel that instead.

    Needed first: an entry of yours in a waiting list.
    """
    return call.run(lambda: services.waiting.leave(user=user, entry_id=entry_id))
