from fastapi import APIRouter, Response

from app.domain.errors import (
    AccountDisabled,
    EventNotFound,
    OrderValueInvalid,
    SalesClosed,
    SoldOut,
    TicketTypeNotFound,
)
from app.http.answers import IdempotentCallDep
from app.http.callers import DeskSeller
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.orders.desk import DeskOrderCreate
from app.schemas.orders.orders import OrderDetailOut

router = APIRouter(prefix="/events/{event_id}/orders", tags=["orders"], route_class=StrictRoute)

LINKS = {
    **link("correct_buyer", event_id="$response.body#/event_id", order_id="$response.body#/id"),
    **link(
        "correct_attendee",
        event_id="$response.body#/event_id",
        order_id="$response.body#/id",
        ticket_id="$response.body#/ticket_ids/0",
    ),
}


@router.post(
    "",
    response_model=OrderDetailOut,
    status_code=201,
    summary="Give tickets away or sell them for cash",
    responses={
        201: {"links": LINKS},
        **problems(
            EventNotFound,
            TicketTypeNotFound,
            SalesClosed,
            SoldOut,
            OrderValueInvalid,
            AccountDisabled,
        ),
    },
)
def place_desk_order(
    event_id: EventIdInPath,
    body: DeskOrderCreate,
    seller: DeskSeller,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Issues the tickets at once, from the same places as everybody's.

    Hidden types, the times of sale, the waiting list and the limits of an order and a buyer do not
    keep the organizer from it; the places count for the buyer's limit. A refund of a `cash` order
    is `to-hand-back` until it is marked as done.

    Needed first: a published event.
    """
    return call.run(
        lambda: OrderDetailOut.of_detail(
            services.desk.sell(event_id=event_id, seller=seller, sale=body.sale())
        )
    )
