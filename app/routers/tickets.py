from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from app.domain.errors import Busy, DatabaseUnavailable, NotLoggedIn, TicketNotFound
from app.domain.ids import TicketId
from app.domain.listings import TicketListing
from app.domain.paging import Cursor, CursorInvalid, Page
from app.domain.ports import DEFAULT_PIXELS
from app.routers.dependencies import (
    LINK_HEADER,
    CurrentUser,
    CursorText,
    Limit,
    RowIdInPath,
    ServicesDep,
)
from app.routers.entity_tags import IfNoneMatch, entity_tag, is_known
from app.routers.links import link
from app.routers.negotiation import best_media_type
from app.routers.problems import problems
from app.routers.refusals import NotAcceptable, ValidationFailed
from app.routers.services import Services
from app.routers.strict_route import StrictRoute
from app.schemas.tickets import TicketOut

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=StrictRoute)

PNG, JSON, PDF, SVG = "image/png", "application/json", "application/pdf", "image/svg+xml"
FORMS = (PNG, JSON, PDF, SVG)

DRAWING = 1
"""Which edition of the drawings it is: a new one ends what callers have kept of the old."""

STILL = "default-src 'none'; style-src 'unsafe-inline'"
"""What a picture may do in a browser that takes it for a page."""

Size = Annotated[
    int,
    Query(
        ge=120,
        le=2000,
        description="Pixels of the PNG, in width and height; about the height of the SVG.",
    ),
]


class PngResponse(Response):
    """Listed first in the description, so that Swagger UI asks for the picture and shows it."""

    media_type = PNG


TICKET_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The QR code as a picture, the ticket as JSON, or for printing.",
        "headers": {
            "ETag": {
                "description": "Send it as `If-None-Match` the next time.",
                "schema": {"type": "string"},
            }
        },
        "content": {
            PNG: {"schema": {"type": "string", "format": "binary"}},
            JSON: {"schema": {"$ref": "#/components/schemas/TicketOut"}},
            PDF: {"schema": {"type": "string", "format": "binary"}},
            SVG: {"schema": {"type": "string"}},
        },
    },
    304: {"description": "What you have is still right: it has the tag in `If-None-Match`."},
}

SCAN_LINK = link(
    "scan_ticket",
    event_id="$response.body#/0/event_id",
    body={"code": "$response.body#/0/code"},
)


@router.get(
    "/",
    response_model=list[TicketOut],
    summary="List my tickets",
    responses={
        200: {"headers": LINK_HEADER, "links": SCAN_LINK},
        **problems(NotLoggedIn, ValidationFailed, CursorInvalid, Busy, DatabaseUnavailable),
    },
)
def list_tickets(
    user: CurrentUser,
    services: ServicesDep,
    limit: Limit = 20,
    cursor: CursorText = None,
) -> Page[TicketOut]:
    """The newest first. Pages are linked by the header `Link`."""
    after = Cursor.behind(cursor, sort="-id")
    page = services.tickets.page(user_id=user.id, after=after, limit=limit)
    return page.of(lambda ticket: _described(ticket, services))


@router.get(
    "/{ticket_id}",
    response_class=PngResponse,
    summary="Show a ticket's QR code",
    responses={
        **TICKET_FORMS,
        **problems(
            NotLoggedIn, TicketNotFound, NotAcceptable, ValidationFailed, Busy, DatabaseUnavailable
        ),
    },
)
def show_ticket(
    ticket_id: RowIdInPath,
    user: CurrentUser,
    services: ServicesDep,
    size: Size = DEFAULT_PIXELS,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The QR code as a PNG, with the code to type under it.

    With `Accept: image/svg+xml` the same for any size of paper, with `application/pdf` the whole
    ticket for printing, with `application/json` as JSON.
    """
    form = best_media_type(accept, FORMS)
    ticket = services.tickets.get(ticket_id=TicketId(ticket_id), user_id=user.id)
    printed = services.tickets.printed(ticket) if form == PDF else None
    tag = entity_tag(DRAWING, form, size, ticket, services.tickets.signing_key(ticket), printed)
    headers = {"Vary": "Accept", "Cache-Control": "private, no-cache", "ETag": tag}
    if is_known(tag, if_none_match):
        return Response(status_code=304, headers=headers)
    if printed is not None:
        content, ending = services.tickets.pdf(printed), "pdf"
    elif form == SVG:
        content, ending = services.tickets.svg(ticket, pixels=size), "svg"
        headers["Content-Security-Policy"] = STILL
    elif form == JSON:
        described = _described(ticket, services, pixels=size)
        return Response(described.model_dump_json(), 200, headers, JSON)
    else:
        content, ending = services.tickets.png(ticket, pixels=size), "png"
    headers["Content-Disposition"] = f'inline; filename="ticket-{ticket.id}.{ending}"'
    return Response(content, 200, headers, form)


def _described(
    ticket: TicketListing, services: Services, *, pixels: int = DEFAULT_PIXELS
) -> TicketOut:
    return TicketOut.of(
        ticket,
        code=services.tickets.code(ticket),
        png=services.tickets.png(ticket, pixels=pixels),
    )
