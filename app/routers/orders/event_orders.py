from typing import Annotated

from fastapi import APIRouter, Query

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    EventNotFound,
    NotLoggedIn,
    OrderNotFound,
    OrderNotPending,
    PaymentGatewayFenced,
    PaymentGatewayUnavailable,
)
from app.domain.ids import EventId, OrderId
from app.domain.paging import Cursor, CursorInvalid, Page
from app.domain.states import OrderStatus
from app.http.calls.naming import named_in_steps
from app.http.dependencies import (
    LINK_HEADER,
    CurrentUser,
    CursorText,
    Limit,
    RowIdInPath,
    ServicesDep,
)
from app.http.problems import problems
from app.http.refusals import ValidationFailed
from app.http.strict_route import StrictRoute
from app.schemas.orders.orders import EventOrderOut, OrderDetailOut

router = APIRouter(prefix="/events/{event_id}/orders", tags=["orders"], route_class=StrictRoute)

REFUSALS = (NotLoggedIn, EventNotFound, ValidationFailed, Busy, DatabaseUnavailable)

StatusFilter = Annotated[
    OrderStatus | None, Query(description="Only orders in this state; `pending` ones hold places.")
]


@router.get(
    "",
    response_model=list[EventOrderOut],
    summary="List an event's orders",
    responses={200: {"headers": LINK_HEADER}, **problems(CursorInvalid, *REFUSALS)},
)
def list_event_orders(
    event_id: RowIdInPath,
    organizer: CurrentUser,
    services: ServicesDep,
    status: StatusFilter = None,
    limit: Limit = 20,
    cursor: CursorText = None,
) -> Page[EventOrderOut]:
    """The newest first, with their buyers. For the organizer only (and admins)."""
    page = services.orders.of_event(
        event_id=EventId(event_id),
        organizer=organizer,
        status=status,
        after=Cursor.behind(cursor, sort="-id"),
        limit=limit,
    )
    return page.of(EventOrderOut.of_event)


@router.post(
    "/{order_id}/release",
    response_model=OrderDetailOut,
    summary="Release an unpaid order",
    responses=problems(
        OrderNotFound, OrderNotPending, PaymentGatewayUnavailable, PaymentGatewayFenced, *REFUSALS
    ),
)
@named_in_steps
def release_event_order(
    event_id: RowIdInPath, order_id: RowIdInPath, organizer: CurrentUser, services: ServicesDep
) -> OrderDetailOut:
    """Its places go back on sale. Money that arrives for it all the same goes back to its buyer.

    Paystack is asked first: an order that was paid for just now is settled, not released. For the
    organizer only (and admins).

    Needed first: an order of the event that is not paid yet.
    """
    detail = services.orders.release(
        event_id=EventId(event_id), organizer=organizer, order_id=OrderId(order_id)
    )
    return OrderDetailOut.of_detail(detail)
