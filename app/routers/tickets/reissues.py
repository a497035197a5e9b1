from fastapi import APIRouter, Response, status

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    NotLoggedIn,
    TicketNotFound,
    TicketNotRevoked,
    TicketOutOfUse,
)
from app.domain.ids import TicketId
from app.http.dependencies import CurrentUser, RowIdInPath, ServicesDep
from app.http.problems import problems
from app.http.refusals import BODY_REFUSALS, ValidationFailed
from app.http.strict_route import StrictRoute
from app.schemas.tickets.transfers import TicketReason, TicketStandingOut

router = APIRouter(prefix="/tickets/{ticket_id}", tags=["tickets"], route_class=StrictRoute)

REFUSALS = (NotLoggedIn, TicketNotFound, Busy, DatabaseUnavailable)


@router.post(
    "/reissue",
    response_model=TicketStandingOut,
    summary="Issue a ticket again",
    responses=problems(TicketOutOfUse, *REFUSALS, *BODY_REFUSALS),
)
def reissue_ticket(
    ticket_id: RowIdInPath, body: TicketReason, organizer: CurrentUser, services: ServicesDep
) -> TicketStandingOut:
    """For a lost or copied code: it ends at once, and the holder gets a new one by mail.

    Only the event's organizer may (and admins); to all others it is not found.
    """
    ticket = services.reissues.reissue(
        ticket_id=TicketId(ticket_id), organizer=organizer, reason=body.reason
    )
    return TicketStandingOut.model_validate(ticket)


@router.post(
    "/revocation",
    response_model=TicketStandingOut,
    summary="Bar a ticket from the door",
    responses=problems(TicketOutOfUse, *REFUSALS, *BODY_REFUSALS),
)
def revoke_ticket(
    ticket_id: RowIdInPath, body: TicketReason, organizer: CurrentUser, services: ServicesDep
) -> TicketStandingOut:
    """Its place stays taken and no money goes back; it can be let in again, or given back.

    Only the event's organizer may (and admins); to all others it is not found.
    """
    ticket = services.reissues.revoke(
        ticket_id=TicketId(ticket_id), organizer=organizer, reason=body.reason
    )
    return TicketStandingOut.model_validate(ticket)


@router.delete(
    "/revocation",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Let a revoked ticket in again",
    responses=problems(TicketNotRevoked, ValidationFailed, *REFUSALS),
)
def restore_ticket(ticket_id: RowIdInPath, organizer: CurrentUser, services: ServicesDep) -> None:
    """Only the event's organizer may (and admins); to all others it is not found."""
    services.reissues.restore(ticket_id=TicketId(ticket_id), organizer=organizer)
