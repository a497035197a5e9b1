from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.domain.errors import (
    EventNotFound,
    OrderNotFound,
    OrderNotPaid,
    RefundAmountInvalid,
    RefundNotFound,
    RefundNotStuck,
    RefundTooLarge,
)
from app.domain.ids import MAX_ID, EventId, OrderId
from app.domain.paging import NEWEST_FIRST
from app.domain.states import RefundState
from app.http.answers import IdempotentCallDep, PagingDep, answer
from app.http.callers import MoneyViewer, OwnerOrOrderViewer, RefundManager
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import OrderIdInPath, RefundIdInPath
from app.http.services import Services
from app.http.strict_route import StrictRoute
from app.models.payments.payments import Refund
from app.models.users.users import User
from app.schemas.payments.refunds import ManagedRefundOut, MoneyRefund, RefundClosing, RefundOut

router = APIRouter(tags=["orders"], route_class=StrictRoute)

FIRST_LINKS = {
    **link("retry_refund", refund_id="$response.body#/0/id"),
    **link("mark_refund_done", refund_id="$response.body#/0/id"),
}


def recorded(services: Services, caller: User, order_id: OrderId, refund: Refund) -> RefundOut:
    """A refund of an order that was just recorded."""
    listings = services.refund_desk.of_order(caller=caller, order_id=order_id)
    return RefundOut.of(next(one for one in listings if one.refund.id == refund.id))


@router.get(
    "/orders/{order_id}/refunds",
    response_model=list[RefundOut],
    summary="List an order's refunds",
    responses=problems(OrderNotFound),
)
def list_order_refunds(
    order_id: OrderIdInPath, caller: OwnerOrOrderViewer, services: ServicesDep
) -> Response:
    """Oldest first. For the buyer, and for the organizer of the event (and admins)."""
    found = services.refund_desk.of_order(caller=caller, order_id=order_id)
    return answer([RefundOut.of(listing) for listing in found])


@router.post(
    "/orders/{order_id}/refunds/money",
    status_code=status.HTTP_201_CREATED,
    response_model=RefundOut,
    summary="Refund money of an order",
    responses={
        201: {"links": link("list_refunds")},
        **problems(OrderNotFound, OrderNotPaid, RefundAmountInvalid, RefundTooLarge),
    },
)
def refund_money(
    order_id: OrderIdInPath,
    body: MoneyRefund,
    caller: RefundManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """An amount goes back while the tickets stay valid: a lower price, or goodwill.

    It is shared among the valid tickets by what is left of their prices, so a later refund of
    tickets returns what is left. For members who may refund (and admins).

    Needed first: a paid order of an event of yours.
    """

    def refund() -> RefundOut:
        made = services.money_refunds.refund(
            order_id=order_id, caller=caller, amount=body.money, reason=body.reason
        )
        return recorded(services, caller, order_id, made)

    return call.run(refund)


@router.get(
    "/refunds",
    response_model=list[ManagedRefundOut],
    summary="List refunds",
    responses={
        200: {"links": FIRST_LINKS},
        **problems(EventNotFound),
    },
)
def list_refunds(
    caller: MoneyViewer,
    services: ServicesDep,
    paging: PagingDep,
    event_id: Annotated[int | None, Query(ge=1, le=MAX_ID, description="Of this event.")] = None,
    state: Annotated[
        RefundState | None,
        Query(
            description="In this state: `failed`, `needs-attention` and `to-hand-back` ones want "
            "a person."
        ),
    ] = None,
) -> Response:
    """For organizers, of their own events, and for admins, of all; the newest first."""
    page = services.refund_desk.page(
        caller=caller,
        event_id=None if event_id is None else EventId(event_id),
        state=state,
        after=paging.after(NEWEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(ManagedRefundOut.of))


@router.post(
    "/refunds/{refund_id}/retry",
    response_model=ManagedRefundOut,
    summary="Retry a refund",
    responses=problems(RefundNotFound, RefundNotStuck),
)
def retry_refund(
    refund_id: RefundIdInPath,
    caller: RefundManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """A `failed` one is sent again; one that `needs-attention` is looked at again.

    A refund of the same amount that was made on Paystack's dashboard in between is found first. For
    the organizer of the event (and admins).

    Needed first: a refund in one of these states.
    """
    return call.run(
        lambda: ManagedRefundOut.of(services.refund_desk.retry(caller=caller, refund_id=refund_id))
    )


@router.post(
    "/refunds/{refund_id}/done",
    response_model=ManagedRefundOut,
    summary="Mark a refund as done",
    responses=problems(RefundNotFound, RefundNotStuck),
)
def mark_refund_done(
    refund_id: RefundIdInPath,
    body: RefundClosing,
    caller: RefundManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The money went back by other means than Paystack, as a bank transfer.

    For `failed` ones and those that `needs-attention`. For the organizer of the event (and admins).

    Needed first: a refund in one of these states.
    """
    return call.run(
        lambda: ManagedRefundOut.of(
            services.refund_desk.mark_done(caller=caller, refund_id=refund_id, note=body.note)
        )
    )
