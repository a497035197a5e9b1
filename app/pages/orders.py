"""Where mails lead that ask to pay. Opening the link changes nothing: mail scanners do that."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from app.domain.errors import LinkInvalid, OrderNotPending, SalesClosed
from app.domain.states import OrderStatus, PaymentStatus
from app.http.dependencies import ServicesDep
from app.pages.rendering import page
from app.routers.payments.payments import returns_of

router = APIRouter(include_in_schema=False)

_OVER = {
    OrderStatus.PENDING: ("bad", "Too late", "The sale of this event has ended."),
    OrderStatus.PAID: ("good", "Paid", "This order is paid. The tickets came by mail."),
    OrderStatus.REFUNDED: ("wait", "Refunded", "This order was paid and refunded."),
    OrderStatus.EXPIRED: ("bad", "Too late", "These places were kept until their time was over."),
    OrderStatus.CANCELLED: ("bad", "Cancelled", "This order was cancelled."),
}


@router.get("/pay")
def held_places(services: ServicesDep, token: Annotated[str, Query()] = "") -> HTMLResponse:
    """What is held, and a button that pays for it."""
    try:
        shown = services.order_pages.look(token=token)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    if shown.order.status != OrderStatus.PENDING:
        return _over(shown.order.status)
    return page("order.html", has_form=True, shown=shown, order=shown.order, token=token)


@router.post("/pay")
def pay(
    request: Request, services: ServicesDep, token: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """What the button does; then on to Paystack, or to the tickets if they cost nothing."""
    try:
        settlement = services.order_pages.pay(token=token, returns=returns_of(request))
    except OrderNotPending:
        return held_places(services, token)
    except SalesClosed:
        return _over(OrderStatus.PENDING)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    if settlement.payment.status == PaymentStatus.SUCCEEDED:
        return _over(OrderStatus.PAID)
    address = str(settlement.payment.authorization_url)
    answer = page("to_payment.html", address=address)
    # Not a redirect: the page's policy lets its form lead to this shop only.
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


def _over(status: OrderStatus) -> HTMLResponse:
    mark, badge, heading = _OVER[status]
    code = 200 if status == OrderStatus.PAID else 410
    return page("transfer_over.html", status=code, mark=mark, badge=badge, heading=heading)
