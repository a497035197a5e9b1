from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.errors import (
    EventNotFound,
    OrderNotFound,
    OrderNotPending,
    PaymentGatewayFenced,
    PaymentGatewayUnavailable,
)
from app.domain.paging import NEWEST_FIRST
from app.domain.states import OrderStatus
from app.http.answers import answer
from app.http.callers import OrderManager, OrderViewer
from app.http.concurrency_limit import waits_for_paystack
from app.http.dependencies import EventIdInPath, OrderIdInPath, PagingDep, ServicesDep
from app.http.idempotency import IdempotentCallDep
from app.http.problems import problems
from app.http.strict_route import StrictRoute
from app.schemas.orders.orders import EventOrderOut, OrderDetailOut

router = APIRouter(prefix="/events/{event_id}/orders", tags=["orders"], route_class=StrictRoute)


StatusFilter = Annotated[
    OrderStatus | None, Query(description="Only orders in this state; `pending` ones hold places.")
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
) -> Response:
    """The newest first, with their buyers. For the organizer only (and admins)."""
    page = services.orders.of_event(
        event_id=event_id,
        organizer=organizer,
        status=status,
        after=paging.after(NEWEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(EventOrderOut.of_event))


@router.post(
    "/{order_id}/release",
    response_model=OrderDetailOut,
    summary="Release an unpaid order",
    responses=problems(
        OrderNotFound,
        OrderNotPending,
        PaymentGatewayUnavailable,
        PaymentGatewayFenced,
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
        lambda _: answer(
            OrderDetailOut.of_detail(
                services.orders.release(event_id=event_id, organizer=organizer, order_id=order_id)
            )
        )
    )
