"""The tickets of who is signed in."""

from typing import Final

from fastapi.responses import HTMLResponse

from app.domain.languages import marked
from app.domain.listings import TicketListing
from app.domain.paging import NEWEST_FIRST
from app.domain.states import TicketStatus
from app.http.browsers.lists import CursorInQuery, place_behind
from app.http.browsers.sessions import SignedInBrowser
from app.http.dependencies import ServicesDep
from app.pages.rendering import PageRouter, page

router = PageRouter("/account/tickets")

TICKETS_ON_A_PAGE: Final = 20


@router.get("")
def list_tickets(
    session: SignedInBrowser, services: ServicesDep, cursor: CursorInQuery = None
) -> HTMLResponse:
    """My tickets, the newest first; each leads to its page with the QR code."""
    found = services.tickets.page(
        user_id=session.user.id,
        after=place_behind(cursor, NEWEST_FIRST),
        limit=TICKETS_ON_A_PAGE,
    )
    return page(
        "my_tickets.html",
        session=session,
        found=found,
        marks={each.id: _mark(each) for each in found.items},
    )


def _mark(ticket: TicketListing) -> tuple[str, str] | None:
    """What keeps it from opening the door, as far as the ticket alone tells."""
    if ticket.status == TicketStatus.VOID:
        return "bad", marked("Refunded")
    if ticket.revoked_at is not None:
        return "bad", marked("Revoked")
    return ("wait", marked("Used")) if ticket.used_at is not None else None
