from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.errors import (
    EventNotFound,
    OrderNotFound,
    OrderNotPending,
)
from app.domain.orders.orders import OrderFilter
from app.domain.paging import NEWEST_FIRST
from app.domain.states import OrderStatus
from app.http.answers import IdempotentCallDep, PagingDep, answer
from app.http.callers import OrderManager, OrderViewer
from app.http.concurrency_limit import waits_for_paystack
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath, OrderIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.base import Text
from app.schemas.orders.event_orders import EventOrderDetailOut, EventOrderOut
from app.schemas.orders.orders import OrderDetailOut

router = APIRouter(prefix="/events/{event_id}/orders", tags=["orders"], route_class=StrictRoute)


StatusFilter = Annotated[
    OrderStatus | None, Query(description="Only orders in this state; `pending` ones hold places.")
]

Words = Annotated[
    Text | None,
    Query(
        min_length=1,
        max_length=100,
        description="What a caller quotes: the order's number, a payment's reference, a ticket's "
        "short code, or a part of the buyer's user name, full name or e-mail address, or of an "
        "attendee's name.",
    ),
]


@router.get(
    "",
    response_model=list[EventOrderOut],
    summary="List an event's orders",
    responses=problems(EventNotFound),
)
def list_event_orders(
    event_id: EventIdInPath,
    organizer: OrderViewer,
    services: ServicesDep,
    paging: PagingDep,
    status: StatusFilter = None,
    q: Words = None,
) -> Response:
    """The newest first, with their buyers. For members who may see orders (and admins)."""
    page = services.event_orders.page(
        event_id=event_id,
        organizer=organizer,
        which=OrderFilter(status=status, words=q),
        after=paging.after(NEWEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(EventOrderOut.of_event))


@router.get(
    "/{order_id}",
    response_model=EventOrderDetailOut,
    summary="Show an event's order",
    responses=problems(EventNotFound, OrderNotFound),
)
def show_event_order(
    event_id: EventIdInPath, order_id: OrderIdInPath, organizer: OrderViewer, services: ServicesDep
) -> Response:
    """With its buyer, payments, tickets, refunds, mails and history, to answer any question.

    For members who may see orders (and admins).

    Needed first: an order of the event.
    """
    found = services.event_orders.show(event_id=event_id, organizer=organizer, order_id=order_id)
    return answer(EventOrderDetailOut.of_event(found))


@router.post(
    "/{order_id}/release",
    response_model=OrderDetailOut,
    summary="Release an unpaid order",
    responses=problems(
        OrderNotFound,
        OrderNotPending,
        EventNotFound,
    ),
)
@waits_for_paystack
def release_event_order(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    organizer: OrderManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Its places go back on sale. Money that arrives for it all the same goes back to its buyer.

    Paystack is asked first: an order that was paid for just now is settled, not released. For the
    organizer only (and admins).

    Needed first: an order of the event that is not paid yet.
    """
    return call.run_in_several_transactions(
        lambda _: OrderDetailOut.of_detail(
            services.orders.release(event_id=event_id, organizer=organizer, order_id=order_id)
        )
    )
