"""The forms of a ticket, each at an address of its own with one media type."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from app.domain.errors import TicketNotFound
from app.domain.ids import TicketId
from app.domain.listings import TicketListing
from app.domain.ports import DEFAULT_PIXELS
from app.http.answers import JSON, answer
from app.http.callers import Owner
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import TicketIdInPath
from app.http.representations.entity_tags import IfNoneMatch, entity_tag, is_known
from app.http.services import Services
from app.http.strict_route import StrictRoute
from app.models.users.users import User
from app.schemas.tickets.tickets import TicketOut

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=StrictRoute)

PNG, PDF, SVG = "image/png", "application/pdf", "image/svg+xml"
FORMS: Final = (PNG, JSON, PDF, SVG)

DRAWING: Final = 3
"""Edition of the drawings. A new one ends what callers have kept of the old."""

STILL: Final = "default-src 'none'; style-src 'unsafe-inline'"
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
    media_type = PNG


class SvgResponse(Response):
    media_type = SVG


class PdfResponse(Response):
    media_type = PDF


def described(what: str, media_type: str, schema: Mapping[str, str]) -> dict[int | str, Any]:
    """The OpenAPI description of a form: its one media type, its tag, and 304."""
    tag = {"description": "Send it as `If-None-Match` the next time.", "schema": {"type": "string"}}
    return {
        200: {
            "description": what,
            "headers": {"ETag": tag},
            "content": {media_type: {"schema": dict(schema)}},
        },
        304: {"description": "The copy you have is current: it has the tag in `If-None-Match`."},
    }


FILE: Final = {"type": "string", "format": "binary"}
PNG_FORM: Final = described("The QR code as a PNG picture.", PNG, FILE)


def answer_in(
    form: str,
    ticket_id: TicketId,
    user: User,
    services: Services,
    if_none_match: str | None,
    *,
    size: int = DEFAULT_PIXELS,
) -> Response:
    """The ticket in one form, or 304 where the caller has it already.

    Raises:
        TicketNotFound: the user has no such ticket.
    """
    ticket = services.tickets.get(ticket_id=ticket_id, user_id=user.id)
    printed = services.tickets.printed(ticket) if form == PDF else None
    tag = entity_tag(DRAWING, form, size, ticket, services.tickets.signing_key(ticket), printed)
    headers = {"Cache-Control": "private, no-cache", "ETag": tag}
    if is_known(tag, if_none_match):
        return Response(status_code=304, headers=headers)
    if printed is not None:
        content, ending = services.tickets.pdf(printed), "pdf"
    elif form == SVG:
        content, ending = services.tickets.svg(ticket, pixels=size), "svg"
        headers["Content-Security-Policy"] = STILL
    elif form == JSON:
        described = ticket_out(ticket, services, pixels=size)
        return answer(described, headers=headers)
    else:
        content, ending = services.tickets.png(ticket, pixels=size), "png"
    headers["Content-Disposition"] = f'inline; filename="ticket-{ticket.id}.{ending}"'
    return Response(content, 200, headers, form)


def ticket_out(
    ticket: TicketListing, services: Services, *, pixels: int = DEFAULT_PIXELS
) -> TicketOut:
    """The ticket as JSON, with its code and its picture."""
    return TicketOut.of(
        ticket,
        code=services.tickets.code(ticket),
        png=services.tickets.png(ticket, pixels=pixels),
    )


@router.get(
    "/{ticket_id}/details",
    response_model=TicketOut,
    summary="Show a ticket",
    responses={
        **described("The ticket.", JSON, {"$ref": "#/components/schemas/TicketOut"}),
        **problems(TicketNotFound),
    },
)
def show_ticket_details(
    ticket_id: TicketIdInPath,
    user: Owner,
    services: ServicesDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The ticket as JSON, with its code and its QR code as a PNG in base64."""
    return answer_in(JSON, ticket_id, user, services, if_none_match)


@router.get(
    "/{ticket_id}/qr.png",
    response_class=PngResponse,
    summary="Download a ticket's QR code as a PNG",
    responses={**PNG_FORM, **problems(TicketNotFound)},
)
def download_ticket_png(
    ticket_id: TicketIdInPath,
    user: Owner,
    services: ServicesDep,
    size: Size = DEFAULT_PIXELS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A PNG whatever `Accept` says, with the code to type under it."""
    return answer_in(PNG, ticket_id, user, services, if_none_match, size=size)


@router.get(
    "/{ticket_id}/qr.svg",
    response_class=SvgResponse,
    summary="Download a ticket's QR code as an SVG",
    responses={
        **described("The QR code as a drawing.", SVG, {"type": "string"}),
        **problems(TicketNotFound),
    },
)
def download_ticket_svg(
    ticket_id: TicketIdInPath,
    user: Owner,
    services: ServicesDep,
    size: Size = DEFAULT_PIXELS,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Sharp at any size, for posters and large screens."""
    return answer_in(SVG, ticket_id, user, services, if_none_match, size=size)


@router.get(
    "/{ticket_id}/ticket.pdf",
    response_class=PdfResponse,
    summary="Download a ticket as a PDF",
    responses={
        **described("The ticket for printing.", PDF, FILE),
        **problems(TicketNotFound),
    },
)
def download_ticket_pdf(
    ticket_id: TicketIdInPath,
    user: Owner,
    services: ServicesDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One page to print, with the event, the holder, the price and the QR code."""
    return answer_in(PDF, ticket_id, user, services, if_none_match)
