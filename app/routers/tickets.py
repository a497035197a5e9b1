from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from app.domain.errors import Busy, DatabaseUnavailable, NotLoggedIn, TicketNotFound
from app.domain.ids import TicketId
from app.domain.listings import TicketListing
from app.domain.paging import Cursor, CursorInvalid
from app.routers.dependencies import (
    LINK_HEADER,
    CurrentUser,
    CursorText,
    Limit,
    RowIdInPath,
    ServicesDep,
    link_next,
)
from app.routers.negotiation import best_media_type
from app.routers.problems import problems
from app.routers.refusals import NotAcceptable, ValidationFailed
from app.routers.services import Services
from app.routers.strict_route import StrictRoute
from app.schemas.tickets import TicketOut

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=StrictRoute)

PNG, JSON = "image/png", "application/json"


class PngResponse(Response):
    """Listed first in the description, so that Swagger UI asks for the picture and shows it."""

    media_type = PNG


TICKET_FORMS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The QR code as a picture, or the ticket as JSON.",
        "content": {
            PNG: {"schema": {"type": "string", "format": "binary"}},
            JSON: {"schema": {"$ref": "#/components/schemas/TicketOut"}},
        },
    }
}


@router.get(
    "/",
    response_model=list[TicketOut],
    summary="List my tickets",
    responses={
        200: {"headers": LINK_HEADER},
        **problems(NotLoggedIn, ValidationFailed, CursorInvalid, Busy, DatabaseUnavailable),
    },
)
def list_tickets(
    request: Request,
    response: Response,
    user: CurrentUser,
    services: ServicesDep,
    limit: Limit = 20,
    cursor: CursorText = None,
) -> list[TicketOut]:
    """The newest first. Pages are linked by the header `Link`."""
    after = Cursor.decode(cursor, sort="-id") if cursor else None
    page = services.tickets.page(user_id=user.id, after=after, limit=limit)
    link_next(request, response, page)
    return [_described(ticket, services) for ticket in page.items]


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
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    """The QR code as a PNG; with `Accept: application/json` the ticket as JSON."""
    media_type = best_media_type(accept, (PNG, JSON))
    ticket = services.tickets.get(ticket_id=TicketId(ticket_id), user_id=user.id)
    headers = {"Vary": "Accept", "Cache-Control": "private, no-cache"}
    if media_type == JSON:
        return Response(_described(ticket, services).model_dump_json(), 200, headers, JSON)
    headers["Content-Disposition"] = f'inline; filename="ticket-{ticket.id}.png"'
    return PngResponse(services.tickets.qr_png(services.tickets.code(ticket)), 200, headers)


def _described(ticket: TicketListing, services: Services) -> TicketOut:
    code = services.tickets.code(ticket)
    return TicketOut.of(ticket, code=code, png=services.tickets.qr_png(code))
