from fastapi import APIRouter, Request, Response, status

from app.domain.errors import (
    ChargeRefused,
    OrderNotFound,
    OrderNotPaid,
    OrderNotPending,
    PaidInCash,
    RefundTooLate,
    SalesClosed,
    TicketNotRefundable,
)
from app.domain.ids import TicketId
from app.domain.paging import NEWEST_FIRST
from app.http.answers import IdempotentCallDep, PagingDep, answer
from app.http.callers import CurrentUser, Owner, OwnerOrRefundManager
from app.http.concurrency_limit import waits_for_paystack
from app.http.dependencies import Client, ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import OrderIdInPath
from app.http.strict_route import StrictRoute
from app.routers.payments.payments import ORDER_REFUSALS, PAYMENT_LINKS, returns_of
from app.routers.payments.refunds import recorded
from app.schemas.orders.orders import OrderCreate, OrderDetailOut, OrderOut
from app.schemas.payments.payments import PaymentOut
from app.schemas.payments.refunds import RefundOut, RefundRequest
from app.services.orders.orders import OrderDetail

router = APIRouter(prefix="/orders", tags=["orders"], route_class=StrictRoute)

OF_EVENT = ("release_event_order", "show_event_order", "list_order_notes", "write_order_note")
ORDER_LINKS = {
    name: described
    for operation in OF_EVENT
    for name, described in link(
        operation, event_id="$response.body#/event_id", order_id="$response.body#/id"
    ).items()
}
ORDER_LINKS |= {
    **link("show_order", order_id="$response.body#/id"),
    **link("pay_order", order_id="$response.body#/id"),
    **link("cancel_order", order_id="$response.body#/id"),
}


@router.post(
    "/",
    status_code=status.HTTP_201_CREATED,
    response_model=OrderDetailOut,
    summary="Place an order",
    responses={
        201: {"links": ORDER_LINKS},
        **problems(*ORDER_REFUSALS),
    },
)
def place_order(
    body: OrderCreate,
    buyer: CurrentUser,
    services: ServicesDep,
    client: Client,
    call: IdempotentCallDep,
) -> Response:
    """Hold tickets of one event, all or none. Then pay with `POST /orders/{id}/pay`.

    Tickets that cost nothing are issued at once.
    """
    return call.run(
        lambda: OrderDetailOut.of_detail(
            services.orders.place(buyer=buyer, order_request=body.order_request(client))
        )
    )


@router.get(
    "/",
    response_model=list[OrderOut],
    summary="List my orders",
)
def list_orders(
    buyer: CurrentUser,
    services: ServicesDep,
    paging: PagingDep,
) -> Response:
    """The newest first. Pages are linked by the header `Link`."""
    page = services.orders.page(
        buyer_id=buyer.id, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(OrderOut.of))


@router.get(
    "/{order_id}",
    response_model=OrderDetailOut,
    summary="Show an order",
    responses=problems(OrderNotFound),
)
def show_order(order_id: OrderIdInPath, buyer: Owner, services: ServicesDep) -> Response:
    """With its payments, tickets and history."""
    detail: OrderDetail = services.orders.get(buyer_id=buyer.id, order_id=order_id)
    return answer(OrderDetailOut.of_detail(detail))


@router.post(
    "/{order_id}/pay",
    response_model=PaymentOut,
    summary="Pay for an order",
    responses={
        200: {"links": PAYMENT_LINKS},
        **problems(OrderNotFound, OrderNotPending, SalesClosed, ChargeRefused),
    },
)
@waits_for_paystack
def pay_order(
    order_id: OrderIdInPath,
    request: Request,
    buyer: Owner,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Get the `authorization_url`; after a failed attempt, a new one."""
    return call.run_in_several_transactions(
        lambda _: PaymentOut.of(
            services.payments.pay_order(buyer=buyer, order_id=order_id, returns=returns_of(request))
        )
    )


@router.post(
    "/{order_id}/cancel",
    response_model=OrderDetailOut,
    summary="Cancel an order",
    responses=problems(OrderNotFound, OrderNotPending),
)
@waits_for_paystack
def cancel_order(
    order_id: OrderIdInPath, buyer: Owner, services: ServicesDep, call: IdempotentCallDep
) -> Response:
    """Give up an order that is not paid; its places go back on sale.

    Needed first: an order that is not paid yet; place one.
    """
    return call.run_in_several_transactions(
        lambda _: OrderDetailOut.of_detail(
            services.orders.cancel(buyer_id=buyer.id, order_id=order_id)
        )
    )


@router.post(
    "/{order_id}/refunds",
    status_code=status.HTTP_201_CREATED,
    response_model=RefundOut,
    summary="Refund an order",
    responses={
        201: {"links": link("list_refunds")},
        **problems(OrderNotFound, OrderNotPaid, TicketNotRefundable, RefundTooLate, PaidInCash),
    },
)
def refund_order(
    order_id: OrderIdInPath,
    body: RefundRequest,
    caller: OwnerOrRefundManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The organizer may at any time; the buyer while the event allows it.

    The tickets are void at once and their places go back on sale; Paystack returns the money.
    """
    ticket_ids = None if body.ticket_ids is None else [TicketId(each) for each in body.ticket_ids]

    def refund_tickets() -> RefundOut:
        refund = services.refund_requests.request_refund(
            order_id=order_id, caller=caller, ticket_ids=ticket_ids, reason=body.reason
        )
        return recorded(services, caller, order_id, refund)

    return call.run(refund_tickets)
