from typing import Annotated

from fastapi import APIRouter, Path, Request, Response, status

from app.domain.errors import (
    AccountDisabled,
    ChargeRefused,
    LinkInvalid,
    OrderNotPending,
    SalesClosed,
    TooManyCheckouts,
)
from app.http.answers import AnonymousCallDep, answer
from app.http.callers import public
from app.http.concurrency_limit import waits_for_paystack
from app.http.dependencies import Client, ServicesDep, public_url
from app.http.openapi.responses import link, problems
from app.http.services import Services
from app.http.strict_route import StrictRoute
from app.routers.payments.payments import ORDER_REFUSALS, returns_of
from app.schemas.orders.guest_orders import CheckoutCreate, CheckoutOut
from app.services.operations.idempotency import Progress

router = APIRouter(prefix="/checkout", tags=["payments"], route_class=StrictRoute)

TokenInPath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=64,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="From `POST /checkout`, or from the link to the order in a mail.",
    ),
]

TOKEN = "$response.body#/token"  # noqa: S105  (says where it is)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=CheckoutOut,
    summary="Buy tickets without an account",
    responses={
        201: {"links": {**link("show_checkout", token=TOKEN), **link("pay_checkout", token=TOKEN)}},
        **problems(
            TooManyCheckouts,
            AccountDisabled,
            *ORDER_REFUSALS,
            ChargeRefused,
        ),
    },
)
@public
@waits_for_paystack
def check_out(
    body: CheckoutCreate,
    request: Request,
    services: ServicesDep,
    call: AnonymousCallDep,
    client: Client,
) -> Response:
    """Hold places for a name and an e-mail address, and get the `authorization_url` to pay at.

    For shops of your own making: send the buyer there, and afterwards to `order_url`. Tickets that
    cost nothing are issued at once. The answer is the same whether or not an account has the
    address; an account that is registered with it later finds the order once it is confirmed.
    """

    def place_and_pay(progress: Progress | None) -> CheckoutOut:
        token = services.checkouts.check_out(
            guest=body.guest,
            order_request=body.order_request(client),
            returns=returns_of(request),
            progress=progress,
        )
        return _shown(services, token, request)

    return call.run_in_several_transactions(place_and_pay)


@router.get(
    "/{token}",
    response_model=CheckoutOut,
    summary="Show an order by its link",
    responses=problems(LinkInvalid),
)
@public
def show_checkout(token: TokenInPath, request: Request, services: ServicesDep) -> Response:
    """How it stands, with its tickets once it is paid. Paystack is not asked."""
    return answer(_shown(services, token, request))


@router.post(
    "/{token}/pay",
    response_model=CheckoutOut,
    summary="Pay for an order by its link",
    responses={
        200: {"links": link("show_checkout", token=TOKEN)},
        **problems(
            LinkInvalid,
            AccountDisabled,
            OrderNotPending,
            SalesClosed,
            ChargeRefused,
        ),
    },
)
@public
@waits_for_paystack
def pay_checkout(
    token: TokenInPath, request: Request, services: ServicesDep, call: AnonymousCallDep
) -> Response:
    """Get the `authorization_url`; after a failed attempt, a new one."""

    def pay(_: Progress | None) -> CheckoutOut:
        services.order_links.pay(token=token, returns=returns_of(request))
        return _shown(services, token, request)

    return call.run_in_several_transactions(pay)


def _shown(services: Services, token: str, request: Request) -> CheckoutOut:
    linked = services.order_pages.look(token=token)
    return CheckoutOut.of_linked(linked, public_url=public_url(request))
