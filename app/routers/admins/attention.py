"""What needs a person, what a person can do about it, and the log of what admins did."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.admins.actions import AdminActionKind
from app.domain.errors import (
    DisputeNotFound,
    DisputeNotLost,
    OrderNotFound,
    OrderNotPending,
    PaymentNotFound,
    RefundNotFound,
    RefundNotStuck,
)
from app.domain.ids import MAX_ID, UserId
from app.domain.paging import NEWEST_FIRST, OLDEST_FIRST
from app.http.answers import IdempotentCallDep, PagingDep
from app.http.callers import Admin
from app.http.concurrency_limit import waits_for_paystack
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import OrderIdInPath, PaymentIdInPath, RefundIdInPath, RowIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.admins.actions import AdminActionOut, ReasonIn
from app.schemas.admins.attention import AttentionOut
from app.schemas.orders.orders import OrderDetailOut
from app.schemas.payments.disputes import DisputeOut
from app.schemas.payments.payments import PaymentOut
from app.schemas.payments.refunds import ManagedRefundOut

router = APIRouter(prefix="/admin", tags=["admin"], route_class=StrictRoute)


@router.get(
    "/needs-attention",
    response_model=list[AttentionOut],
    summary="List what needs a person",
)
def list_what_needs_attention(caller: Admin, services: ServicesDep, paging: PagingDep) -> Response:
    """Refunds that got stuck, mails given up, disputes, payments not known for long, failing jobs.

    What waits longest first, each with what to do and the operation that does it. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.attention.page(
        caller=caller, after=paging.after(OLDEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(AttentionOut.of))


@router.get(
    "/actions",
    response_model=list[AdminActionOut],
    summary="List what admins did",
)
def list_admin_actions(
    caller: Admin,
    services: ServicesDep,
    paging: PagingDep,
    admin_id: Annotated[UserId | None, Query(ge=1, le=MAX_ID, description="By this admin.")] = None,
    account_id: Annotated[
        UserId | None, Query(ge=1, le=MAX_ID, description="About the data of this account.")
    ] = None,
    action: Annotated[AdminActionKind | None, Query(description="Of this kind.")] = None,
) -> Response:
    """The log, the newest first: look-ups of people, and changes with their reason. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.admin_log.page(
        caller=caller,
        actor=None if admin_id is None else f"user:{admin_id}",
        action=action,
        account_id=account_id,
        after=paging.after(NEWEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(AdminActionOut.model_validate))


@router.post(
    "/orders/{order_id}/release",
    response_model=OrderDetailOut,
    summary="Release any unpaid order",
    responses=problems(
        OrderNotFound,
        OrderNotPending,
    ),
)
@waits_for_paystack
def release_any_order(
    order_id: OrderIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Its places go back on sale; Paystack is asked first. Admins only.

    Needed first: an order that is not paid yet.
    """
    return call.run_in_several_transactions(
        lambda _: OrderDetailOut.of_detail(
            services.orders.release_any(caller=caller, order_id=order_id, reason=body.reason)
        )
    )


@router.post(
    "/payments/{payment_id}/check",
    response_model=PaymentOut,
    summary="Check a payment again",
    responses=problems(PaymentNotFound),
)
@waits_for_paystack
def check_payment(
    payment_id: PaymentIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Asks Paystack what became of it, and issues tickets or returns money accordingly.

    Admins only.

    Needed first: a payment, as `GET /admin/payments` finds it.
    """
    return call.run_in_several_transactions(
        lambda _: PaymentOut.of(
            services.attention.check_payment(
                caller=caller, payment_id=payment_id, reason=body.reason
            )
        )
    )


@router.post(
    "/refunds/{refund_id}/retry",
    response_model=ManagedRefundOut,
    summary="Retry any refund",
    responses=problems(RefundNotFound, RefundNotStuck),
)
def retry_any_refund(
    refund_id: RefundIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """As `POST /refunds/{refund_id}/retry`, with a reason. Admins only.

    Needed first: a refund that is `failed` or `needs-attention`.
    """

    def retry() -> ManagedRefundOut:
        listing = services.attention.retry_refund(
            caller=caller, refund_id=refund_id, reason=body.reason
        )
        return ManagedRefundOut.of(listing)

    return call.run(retry)


@router.post(
    "/refunds/{refund_id}/done",
    response_model=ManagedRefundOut,
    summary="Mark any refund as done",
    responses=problems(RefundNotFound, RefundNotStuck),
)
def mark_any_refund_done(
    refund_id: RefundIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The money went back by other means than Paystack, as the reason says. Admins only.

    Needed first: a refund that is `failed` or `needs-attention`.
    """

    def close() -> ManagedRefundOut:
        listing = services.attention.mark_refund_done(
            caller=caller, refund_id=refund_id, reason=body.reason
        )
        return ManagedRefundOut.of(listing)

    return call.run(close)


@router.post(
    "/disputes/{dispute_id}/close",
    response_model=DisputeOut,
    summary="Close a dispute that is over",
    responses=problems(DisputeNotFound, DisputeNotLost),
)
def close_dispute(
    dispute_id: RowIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Nothing is left to do about it: it needs a person no longer. Admins only.

    Needed first: a dispute that Paystack told to be resolved.
    """

    def close() -> DisputeOut:
        found = services.attention.close_dispute(
            caller=caller, dispute_id=dispute_id, reason=body.reason
        )
        return DisputeOut.of(found)

    return call.run(close)
