from typing import Annotated

from fastapi import APIRouter, Header, Response

from app.domain.errors import TicketNotFound
from app.domain.paging import NEWEST_FIRST
from app.domain.ports import DEFAULT_PIXELS
from app.http.answers import PagingDep
from app.http.callers import CurrentUser, Owner
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import TicketIdInPath
from app.http.refusals import NotAcceptable
from app.http.representations.entity_tags import IfNoneMatch
from app.http.representations.negotiation import best_media_type
from app.http.strict_route import StrictRoute
from app.routers.tickets.ticket_forms import (
    FORMS,
    PNG_FORM,
    PngResponse,
    Size,
    answer_in,
    ticket_out,
)
from app.schemas.tickets.tickets import TicketOut

router = APIRouter(prefix="/tickets", tags=["tickets"], route_class=StrictRoute)

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
        200: {"links": SCAN_LINK},
    },
)
def list_tickets(
    user: CurrentUser,
    services: ServicesDep,
    paging: PagingDep,
) -> Response:
    """The newest first. Pages are linked by the header `Link`."""
    page = services.tickets.page(
        user_id=user.id, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(lambda ticket: ticket_out(ticket, services)))


@router.get(
    "/{ticket_id}",
    response_class=PngResponse,
    summary="Show a ticket's QR code",
    responses={**PNG_FORM, **problems(TicketNotFound, NotAcceptable)},
)
def show_ticket(
    ticket_id: TicketIdInPath,
    user: Owner,
    services: ServicesDep,
    size: Size = DEFAULT_PIXELS,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The QR code as a PNG, with the code to type under it.

    JSON, SVG and PDF have addresses of their own below this one.
    """
    # Described as a PNG alone, so that generated clients get what they are told. Callers who send
    # `Accept` still choose among the forms: the first release promised it.
    form = best_media_type(accept, FORMS)
    answer = answer_in(form, ticket_id, user, services, if_none_match, size=size)
    answer.headers["Vary"] = "Accept"
    return answer
