from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Path, Request, Response

from app.domain.errors import (
    BuyerLimitReached,
    ChargeRefused,
    EmailNotConfirmed,
    EventNotFound,
    OrderValueInvalid,
    PaymentFailed,
    PaymentNotCompleted,
    PaymentNotFound,
    PaymentRefunded,
    PromoCodeNotBegun,
    PromoCodeNotFound,
    PromoCodeUsedUp,
    QuantityNotAllowed,
    SalesClosed,
    SalesPaused,
    SoldOut,
    TicketTypeNotFound,
    TooManyGuesses,
    TooManyLapsedHolds,
    TooManyPromoCodes,
    TooManyUnpaidPlaces,
    WebhookRejected,
    WebhookUnreadable,
)
from app.http.answers import IdempotentCallDep, answer, without_idempotency_key
from app.http.callers import CurrentUser, Owner, public
from app.http.concurrency_limit import waits_for_paystack
from app.http.dependencies import Client, ServicesDep, public_url
from app.http.openapi.responses import link, problems
from app.http.refusals import ContentTooLarge
from app.http.strict_route import StrictRequest, StrictRoute, ignores_query
from app.schemas.orders.orders import OrderCreate
from app.schemas.payments.payments import PaymentOut, VerifiedOut, WebhookOut
from app.services.operations.idempotency import Progress
from app.services.payments.payments import Returns

router = APIRouter(prefix="/payments", tags=["payments"], route_class=StrictRoute)

Reference = Annotated[
    str,
    Path(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9.=-]+$",
        description="From `POST /payments/pay`.",
    ),
]

ORDER_REFUSALS = (
    EventNotFound,
    TicketTypeNotFound,
    SalesClosed,
    SalesPaused,
    QuantityNotAllowed,
    OrderValueInvalid,
    SoldOut,
    BuyerLimitReached,
    PromoCodeNotFound,
    PromoCodeNotBegun,
    PromoCodeUsedUp,
    TooManyPromoCodes,
    TooManyGuesses,
    TooManyUnpaidPlaces,
    TooManyLapsedHolds,
    EmailNotConfirmed,
)
"""Why places cannot be held."""

PAID_LINKS = {
    **link("list_tickets"),
    **link("refund_order", order_id="$response.body#/order_id"),
    **link("refund_money", order_id="$response.body#/order_id"),
    **link("resend_tickets", order_id="$response.body#/order_id"),
}
"""Beside those to every operation with a ticket's id in its path, which are added for all."""
PAYMENT_LINKS = {
    **link("verify_payment", reference="$response.body#/reference"),
    **link("show_payment", reference="$response.body#/reference"),
    **link("show_order", order_id="$response.body#/order_id"),
}


@router.post(
    "/pay",
    response_model=PaymentOut,
    summary="Buy a ticket",
    responses={
        200: {"links": PAYMENT_LINKS},
        **problems(*ORDER_REFUSALS, ChargeRefused),
    },
)
@waits_for_paystack
def buy_ticket(
    body: OrderCreate,
    request: Request,
    buyer: CurrentUser,
    services: ServicesDep,
    call: IdempotentCallDep,
    client: Client,
) -> Response:
    """Hold a place and get the `authorization_url` where the buyer pays for it.

    Then call `POST /payments/verify/{reference}`. A ticket that costs nothing is issued at once:
    `authorization_url` is then `null` and `ticket_id` is there already.
    """

    def place_and_pay(progress: Progress | None) -> PaymentOut:
        settlement = services.payments.pay(
            buyer=buyer,
            order_request=body.order_request(client),
            returns=returns_of(request),
            progress=progress,
        )
        return PaymentOut.of(settlement)

    return call.run_in_several_transactions(place_and_pay)


@router.post(
    "/verify/{reference}",
    response_model=VerifiedOut,
    summary="Verify a payment",
    responses={
        200: {"links": PAID_LINKS},
        **problems(
            PaymentNotFound,
            PaymentNotCompleted,
            PaymentFailed,
            PaymentRefunded,
        ),
    },
)
@waits_for_paystack
def verify_payment(
    reference: Reference, buyer: Owner, services: ServicesDep, call: IdempotentCallDep
) -> Response:
    """Ask Paystack whether the money arrived, and issue the ticket if it did.

    May be called as often as you like: it answers the same and never issues a second ticket. Until
    it is paid, Paystack is asked at most once in three seconds.
    """

    def settle(_: Progress | None) -> VerifiedOut:
        settlement = services.settlement.look_up(reference, buyer_id=buyer.id)
        settlement.ensure_paid()
        ticket_ids = [ticket.id for ticket in settlement.tickets]
        return VerifiedOut(
            message="Payment verified. Here is your ticket.",
            ticket_id=ticket_ids[0],
            ticket_ids=ticket_ids,
            reference=settlement.payment.reference,
            order_id=settlement.order.id,
            event_id=settlement.order.event_id,
        )

    return call.run_in_several_transactions(settle)


@router.get("/pay", include_in_schema=False)
@router.get("/webhook", include_in_schema=False)
@public
def show_no_operation() -> None:
    """Neither is the reference of a payment."""
    raise HTTPException(405)


@router.get(
    "/{reference}",
    response_model=PaymentOut,
    summary="Show a payment",
    responses=problems(PaymentNotFound),
)
def show_payment(reference: Reference, buyer: Owner, services: ServicesDep) -> Response:
    """How a payment of yours stands, as far as is known without asking Paystack."""
    return answer(PaymentOut.of(services.payments.get(reference=reference, buyer=buyer)))


WEBHOOK_BODY = {
    "description": "What happened, as Paystack describes it.",
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["event", "data"],
                "properties": {"event": {"type": "string"}, "data": {"type": "object"}},
                "examples": [
                    {
                        "event": "charge.success",
                        "data": {
                            "id": 5000001,
                            "reference": "TCK-00000000000000000000000000",
                            "status": "success",
                            "amount": 250000,
                            "currency": "NGN",
                        },
                    }
                ],
            }
        }
    },
}


@router.post(
    "/webhook",
    response_model=WebhookOut,
    summary="Receive a webhook from Paystack",
    openapi_extra={"requestBody": WEBHOOK_BODY},
    responses=problems(WebhookRejected, WebhookUnreadable, ContentTooLarge),
)
@ignores_query
@without_idempotency_key
@public
def receive_paystack_webhook(
    request: StrictRequest,
    services: ServicesDep,
    x_paystack_signature: Annotated[
        str | None, Header(description="HMAC-SHA512 of the raw body, in lower-case hex.")
    ] = None,
) -> Response:
    """For Paystack only: enter this address on its dashboard.

    The message is noted before it is answered and acted on right afterwards. The address may have
    a query of yours, such as a token that a proxy checks.
    """
    is_new = services.webhooks.receive(body=request.content, signature=x_paystack_signature)
    return answer(WebhookOut(is_new=is_new))


def returns_of(request: Request) -> Returns:
    return Returns(callback_url=f"{public_url(request)}/payments/callback")
