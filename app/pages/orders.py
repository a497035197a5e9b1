"""The page of an order at the unguessable link in its mails, and what its buttons do.

Opening the link changes nothing: mail scanners do that. No cookie is involved, so a foreign site
can press no button of another person's order: it would have to know the link.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ValidationError

from app.domain.errors import LinkInvalid, TicketingError
from app.domain.ids import MAX_ID, TicketId, TransferId
from app.domain.languages import marked
from app.domain.states import OrderStatus, PaymentStatus, RefundState
from app.http.dependencies import ServicesDep
from app.http.problems import status_of
from app.http.services import Services
from app.pages.rendering import page, see
from app.routers.payments.payments import returns_of
from app.schemas.people import Email, FullName

router = APIRouter(prefix="/o", include_in_schema=False)

TokenInPath = Annotated[str, Path(max_length=64)]
RowIdInForm = Annotated[int, Form(ge=1, le=MAX_ID)]

MARKS: Final = {
    OrderStatus.PENDING: ("wait", marked("Held for you")),
    OrderStatus.PAID: ("good", marked("Paid")),
    OrderStatus.REFUNDED: ("wait", marked("Refunded")),
    OrderStatus.EXPIRED: ("bad", marked("Too late")),
    OrderStatus.CANCELLED: ("bad", marked("Cancelled")),
}

NOT_AN_ADDRESS: Final = marked("This is no e-mail address that mail can be sent to.")


class Recipient(BaseModel):
    """Who is to get a ticket."""

    email: Email
    name: FullName | None


@router.get("/{token}")
def order_page(services: ServicesDep, token: TokenInPath) -> HTMLResponse:
    """The order as it stands, and what can be done about it."""
    return _shown(services, token)


@router.post("/{token}/pay")
def pay(request: Request, services: ServicesDep, token: TokenInPath) -> Response:
    """On to Paystack, or back to the order if its tickets cost nothing."""
    try:
        settlement = services.order_links.pay(token=token, returns=returns_of(request))
    except TicketingError as refusal:
        return _refused(services, token, refusal)
    if settlement.payment.status == PaymentStatus.SUCCEEDED:
        return to_order(token)
    return to_payment(str(settlement.payment.authorization_url))


@router.post("/{token}/cancel")
def cancel(services: ServicesDep, token: TokenInPath) -> Response:
    """Put the places back on sale."""
    try:
        services.order_links.cancel(token=token)
    except TicketingError as refusal:
        return _refused(services, token, refusal)
    return to_order(token)


@router.post("/{token}/refund")
def refund(
    services: ServicesDep,
    token: TokenInPath,
    ticket_id: Annotated[int | None, Form(ge=1, le=MAX_ID)] = None,
) -> Response:
    """Give one ticket back, or without a number all that are left."""
    ticket_ids = None if ticket_id is None else [TicketId(ticket_id)]
    try:
        services.order_links.refund(token=token, ticket_ids=ticket_ids)
    except TicketingError as refusal:
        return _refused(services, token, refusal)
    return to_order(token)


@router.post("/{token}/transfer")
def hand_on(
    services: ServicesDep,
    token: TokenInPath,
    ticket_id: RowIdInForm,
    email: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Offer a ticket to the reader of an address."""
    try:
        to = Recipient(email=email, name=name.strip() or None)
    except ValidationError:
        return _shown(services, token, mistake=NOT_AN_ADDRESS, status=422)
    try:
        services.order_links.offer(
            token=token, ticket_id=TicketId(ticket_id), email=to.email, name=to.name
        )
    except TicketingError as refusal:
        return _refused(services, token, refusal)
    return to_order(token)


@router.post("/{token}/withdraw")
def withdraw(services: ServicesDep, token: TokenInPath, transfer_id: RowIdInForm) -> Response:
    """Take an offer back."""
    try:
        services.order_links.withdraw(token=token, transfer_id=TransferId(transfer_id))
    except TicketingError as refusal:
        return _refused(services, token, refusal)
    return to_order(token)


def to_payment(address: str) -> HTMLResponse:
    """A page that goes on to Paystack at once.

    Not a redirect: the policy of the page before lets its form lead to this shop only.
    """
    answer = page("to_payment.html", address=address)
    answer.headers["Refresh"] = f"0; url={address}"
    return answer


def to_order(token: str) -> RedirectResponse:
    """On to the order's page."""
    return see(f"/o/{token}")


def _refused(services: Services, token: str, refusal: TicketingError) -> HTMLResponse:
    if isinstance(refusal, LinkInvalid):
        return page("missing.html", status=404, detail=refusal.detail)
    return _shown(services, token, mistake=refusal.detail, status=status_of(type(refusal)))


def _shown(
    services: Services, token: str, *, mistake: str | None = None, status: int = 200
) -> HTMLResponse:
    try:
        shown = services.order_pages.look(token=token)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    payment_status = shown.payment.status if shown.payment else None
    mark, badge = MARKS[shown.order.status]
    return page(
        "order.html",
        status=status,
        has_form=True,
        colour=shown.page.look.colour,
        shown=shown,
        order=shown.order,
        mark=mark,
        badge=badge,
        mistake=mistake,
        is_pending=shown.order.status == OrderStatus.PENDING,
        is_failed=payment_status == PaymentStatus.FAILED,
        is_unanswered=payment_status == PaymentStatus.STARTING,
        paid_back=RefundState.PROCESSED,
    )
