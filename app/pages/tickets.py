"""The page of a ticket, at the unguessable address in the mail."""

import base64
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import TicketPageNotFound, TicketPageReplaced
from app.domain.languages import marked
from app.domain.tickets.ticket_states import TicketState
from app.http.browsers.languages import chosen_language
from app.http.dependencies import ServicesDep, public_url
from app.pages.rendering import page
from app.routers.events.calendars import calendar_file, host_of
from app.services.tickets.ticket_pages import TicketPage

router = APIRouter(include_in_schema=False)

LinkKey = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]

MARKS: Final = {
    TicketState.VALID: ("good", marked("Valid")),
    TicketState.EVENT_BEGUN: ("good", marked("Valid")),
    TicketState.USED: ("wait", marked("Used")),
    TicketState.REFUNDED: ("bad", marked("Refunded")),
    TicketState.REVOKED: ("bad", marked("Revoked")),
    TicketState.EVENT_CANCELLED: ("bad", marked("Event cancelled")),
    TicketState.EVENT_OVER: ("bad", marked("Event is over")),
}


# Both before the page itself, whose address would take the ending for a part of the key.
@router.get("/t/{link_key}.ics")
def ticket_calendar(link_key: LinkKey, request: Request, services: ServicesDep) -> Response:
    """The event for the holder's calendar, with the way back to the ticket."""
    found = _find(link_key, services)
    if isinstance(found, HTMLResponse):
        return found
    content = services.events.calendar(
        event_id=found.ticket.event_id,
        host=host_of(request),
        url=f"{public_url(request)}/t/{link_key}",
    )
    return calendar_file(content, found.ticket.event_id)


@router.get("/t/{link_key}.pdf")
def ticket_pdf(link_key: LinkKey, request: Request, services: ServicesDep) -> Response:
    """The ticket for printing."""
    found = _find(link_key, services)
    if isinstance(found, HTMLResponse):
        return found
    ticket = found.ticket
    headers = {"Content-Disposition": f'inline; filename="ticket-{ticket.id}.pdf"'}
    printed = services.tickets.printed(ticket)
    # What the reader chose here goes before what the holder reads.
    chosen = chosen_language(request.scope)
    content = services.tickets.pdf(printed.in_language(chosen) if chosen else printed)
    return Response(content, headers=headers, media_type="application/pdf")


@router.get("/t/{link_key}")
def ticket_page(link_key: LinkKey, services: ServicesDep) -> HTMLResponse:
    """The ticket with its QR code; anyone who has the address has the ticket."""
    found = _find(link_key, services)
    if isinstance(found, HTMLResponse):
        return found
    mark, badge = MARKS[found.state]
    return page(
        "ticket.html",
        colour=found.look.colour,
        shown=found,
        ticket=found.ticket,
        mark=mark,
        badge=badge,
        picture=_picture(found, services) if found.opens_door else None,
    )


def _find(link_key: str, services: ServicesDep) -> TicketPage | HTMLResponse:
    try:
        return services.ticket_pages.show(link_key)
    except TicketPageReplaced as refusal:
        return page("replaced.html", status=410, refusal=refusal)
    except TicketPageNotFound as refusal:
        return page("missing.html", status=404, detail=refusal.detail)


def _picture(found: TicketPage, services: ServicesDep) -> str:
    # The short code stands below as text, to be copied or read aloud.
    svg = services.tickets.svg(found.ticket, captioned=False)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"
