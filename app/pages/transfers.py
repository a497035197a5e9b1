"""Where the link of an offered ticket leads. Opening it changes nothing: mail scanners do that."""

from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import AccountDisabled, LinkInvalid, TicketOutOfUse
from app.domain.languages import marked
from app.domain.states import TransferState
from app.http.dependencies import ServicesDep
from app.pages.rendering import page, see

router = APIRouter(include_in_schema=False)

OVER: Final = {
    TransferState.OFFERED: ("bad", marked("Too late"), marked("This offer has ended.")),
    TransferState.EXPIRED: ("bad", marked("Too late"), marked("This offer has ended.")),
    TransferState.WITHDRAWN: (
        "bad",
        marked("Withdrawn"),
        marked("This ticket is not on offer any more."),
    ),
    TransferState.ACCEPTED: (
        "good",
        marked("Taken over"),
        marked("This ticket was taken over. It came by mail, with a code and a page of its own."),
    ),
}


@router.get("/transfer")
def offered_ticket(services: ServicesDep, token: Annotated[str, Query()] = "") -> HTMLResponse:
    """What is offered, and a button that takes it."""
    try:
        offer = services.transfers.look(token=token)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    if not offer.is_open:
        mark, badge, heading = OVER[offer.transfer.state]
        return page("transfer_over.html", status=410, mark=mark, badge=badge, heading=heading)
    return page(
        "transfer.html",
        has_form=True,
        offer=offer,
        until=offer.transfer.expires_at.astimezone(ZoneInfo(offer.event.time_zone)),
        giver=offer.giver.full_name or offer.giver.username,
        token=token,
    )


@router.post("/transfer")
def take_over(services: ServicesDep, token: Annotated[str, Form()] = "") -> Response:
    """What the button does; then the ticket's own page."""
    try:
        _, ticket = services.transfers.accept(token=token)
    except (LinkInvalid, TicketOutOfUse):
        # Pressed twice, or too late: the page says which.
        return offered_ticket(services, token)
    except AccountDisabled as refusal:
        return page("account_disabled.html", status=403, detail=refusal.detail)
    return see(f"/t/{ticket.link_key}")
