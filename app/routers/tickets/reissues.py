from fastapi import APIRouter, Response, status

from app.domain.errors import TicketNotFound, TicketNotRevoked, TicketOutOfUse
from app.http.answers import IdempotentCallDep
from app.http.callers import HolderSupport
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import TicketIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.tickets.transfers import TicketReason, TicketStandingOut

router = APIRouter(prefix="/tickets/{ticket_id}", tags=["tickets"], route_class=StrictRoute)

RESTORE_LINK = link("restore_ticket", ticket_id="$request.path.ticket_id")


@router.post(
    "/reissue",
    response_model=TicketStandingOut,
    summary="Reissue a ticket",
    responses=problems(TicketOutOfUse, TicketNotFound),
)
def reissue_ticket(
    ticket_id: TicketIdInPath,
    body: TicketReason,
    organizer: HolderSupport,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """For a lost or copied code: it ends at once, and the holder gets a new one by mail.

    Only the event's organizer may (and admins); to all others it is not found.
    """
    return call.run(
        lambda: TicketStandingOut.model_validate(
            services.reissues.reissue(ticket_id=ticket_id, organizer=organizer, reason=body.reason)
        )
    )


@router.post(
    "/revocation",
    response_model=TicketStandingOut,
    summary="Revoke a ticket",
    responses={
        200: {"links": RESTORE_LINK},
        **problems(TicketOutOfUse, TicketNotFound),
    },
)
def revoke_ticket(
    ticket_id: TicketIdInPath,
    body: TicketReason,
    organizer: HolderSupport,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Its place stays sold and nothing is refunded; it can be restored, or refunded.

    Only the event's organizer may (and admins); to all others it is not found.
    """
    return call.run(
        lambda: TicketStandingOut.model_validate(
            services.reissues.revoke(ticket_id=ticket_id, organizer=organizer, reason=body.reason)
        )
    )


@router.delete(
    "/revocation",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Restore a revoked ticket",
    responses=problems(TicketNotRevoked, TicketNotFound),
)
def restore_ticket(
    ticket_id: TicketIdInPath,
    organizer: HolderSupport,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Only the event's organizer may (and admins); to all others it is not found."""
    return call.run(lambda: services.reissues.restore(ticket_id=ticket_id, organizer=organizer))
