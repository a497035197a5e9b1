"""The page of a ticket, at the unguessable address in the mail."""

import base64
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import TicketPageNotFound
from app.pages.rendering import page
from app.routers.dependencies import ServicesDep

router = APIRouter(include_in_schema=False)


LinkKey = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/t/{link_key}.pdf")
def ticket_pdf(link_key: LinkKey, services: ServicesDep) -> Response:
    """The ticket for printing."""
    try:
        ticket = services.tickets.by_link(link_key)
    except TicketPageNotFound as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    headers = {"Content-Disposition": f'inline; filename="ticket-{ticket.id}.pdf"'}
    content = services.tickets.pdf(services.tickets.printed(ticket))
    return Response(content, headers=headers, media_type="application/pdf")


@router.get("/t/{link_key}")
def ticket_page(
    link_key: LinkKey,
    services: ServicesDep,
) -> HTMLResponse:
    """The ticket with its QR code; whoever has the address has the ticket."""
    try:
        ticket = services.tickets.by_link(link_key)
    except TicketPageNotFound as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    return page(
        "ticket.html",
        ticket=ticket,
        starts_at=ticket.starts_at.astimezone(ZoneInfo(ticket.time_zone)),
        png_base64=base64.b64encode(services.tickets.png(ticket)).decode(),
    )
