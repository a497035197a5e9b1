from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from app.domain.checkin.doors import Verdict
from app.domain.errors import (
    CheckInNotFound,
    CheckInNotUndoable,
    EventNotFound,
    TooManyGuesses,
    TooManyStreams,
)
from app.domain.ids import MAX_ID, TicketId
from app.domain.moments import in_zone
from app.domain.paging import NEWEST_FIRST
from app.http.answers import IdempotentCallDep, PagingDep, answer, without_idempotency_key
from app.http.callers import (
    AttendanceViewer,
    AttendeeViewer,
    CheckInActor,
    CheckInStaff,
)
from app.http.concurrency_limit import with_priority
from app.http.dependencies import Client, ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import CheckInIdInPath, EventIdInPath
from app.http.security_log import log_forged
from app.http.strict_route import StrictRoute
from app.schemas.base import Text
from app.schemas.checkin.check_ins import (
    AttendeeOut,
    CheckInOut,
    CountsOut,
    ScanRequest,
    UndoRequest,
)
from app.services.checkin.scans import Scan

router = APIRouter(prefix="/events/{event_id}", tags=["door"], route_class=StrictRoute)


COUNTS_EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"const": "counts"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/CountsOut"},
        },
    },
}
"""One event of the stream."""


@router.post(
    "/check-ins",
    response_model=CheckInOut,
    summary="Scan a ticket",
    responses={
        200: {
            "links": link(
                "undo_check_in",
                event_id="$request.path.event_id",
                check_in_id="$response.body#/id",
            )
        },
        **problems(TooManyGuesses, EventNotFound),
    },
)
@with_priority
@without_idempotency_key  # its scan_id makes it happen once, and from any scanner
def scan_ticket(
    event_id: EventIdInPath,
    body: ScanRequest,
    request: Request,
    actor: CheckInActor,
    services: ServicesDep,
    client: Client,
) -> Response:
    """Answers whether the ticket is admitted, and records the scan. A refusal is no error.

    The `reason` is one of a closed list. A ticket is admitted once; at an event with re-entry, once
    after each exit. Unknown short codes are counted: after too many, only QR codes are accepted.
    """
    scanned = services.check_ins.scan(
        event_id=event_id,
        actor=actor,
        scan=Scan(
            scan_id=body.scan_id,
            code=body.code,
            direction=body.direction,
            gate=body.gate,
            scanned_at=in_zone(body.scanned_at, "UTC") if body.scanned_at else None,
        ),
        client=client,
    )
    log_forged(request, event_id, actor, scanned)
    return answer(CheckInOut.of(scanned))


@router.get(
    "/check-ins",
    response_model=list[CheckInOut],
    summary="List check-ins",
    responses=problems(EventNotFound),
)
def list_check_ins(
    event_id: EventIdInPath,
    actor: AttendanceViewer,
    services: ServicesDep,
    paging: PagingDep,
    verdict: Annotated[Verdict | None, Query(description="Only these.")] = None,
    ticket_id: Annotated[
        int | None, Query(ge=1, le=MAX_ID, description="Only of this ticket.")
    ] = None,
) -> Response:
    """The newest first; a scanner is not told names. Pages are linked by the header `Link`."""
    page = services.check_ins.page(
        event_id=event_id,
        actor=actor,
        verdict=verdict,
        ticket_id=None if ticket_id is None else TicketId(ticket_id),
        after=paging.after(NEWEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(CheckInOut.of))


@router.post(
    "/check-ins/{check_in_id}/undo",
    response_model=CheckInOut,
    summary="Undo a check-in",
    responses=problems(CheckInNotFound, CheckInNotUndoable, EventNotFound),
)
def undo_check_in(
    event_id: EventIdInPath,
    check_in_id: CheckInIdInPath,
    body: UndoRequest,
    user: CheckInStaff,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The ticket can be scanned again. Needs a person: a scanner may not.

    Needed first: a scan that was accepted, the last one of its ticket.
    """
    return call.run(
        lambda: CheckInOut.of(
            services.check_ins.undo(
                event_id=event_id,
                actor=user.actor,
                check_in_id=check_in_id,
                reason=body.reason,
            )
        )
    )


@router.get(
    "/check-ins/counts",
    response_model=CountsOut,
    summary="Show attendance counts",
    responses=problems(EventNotFound),
)
def show_attendance_counts(
    event_id: EventIdInPath, actor: AttendanceViewer, services: ServicesDep
) -> Response:
    """The counts at this moment."""
    counts = services.attendees.counts(event_id=event_id, actor=actor)
    return answer(CountsOut.model_validate(counts))


@router.get(
    "/check-ins/stream",
    status_code=status.HTTP_200_OK,
    response_class=StreamingResponse,
    summary="Stream attendance counts",
    responses={
        200: {
            "description": "Server-sent events called `counts`, each with the same JSON as "
            "`GET /events/{event_id}/check-ins/counts`, at once and when it changes.",
            "content": {"text/event-stream": {"schema": COUNTS_EVENT}},
        },
        **problems(TooManyStreams, EventNotFound),
    },
)
def stream_attendance_counts(
    event_id: EventIdInPath,
    request: Request,
    actor: AttendanceViewer,
    services: ServicesDep,
    seconds: Annotated[int, Query(ge=1, le=30, description="How long to watch.")] = 30,
) -> StreamingResponse:
    """Ends after at most 30 seconds; an `EventSource` opens it again one second later."""
    # The caller and their right are looked up in a thread; what follows holds none.
    live = request.app.state.live_counts
    live.ensure_room(event_id, actor.name)
    services.attendees.ensure_may_watch(event_id=event_id, actor=actor)
    answer: StreamingResponse = live.answer(
        request, event_id, caller=actor.name, at_most=timedelta(seconds=seconds)
    )
    return answer


@router.get(
    "/attendees",
    response_model=list[AttendeeOut],
    summary="List attendees",
    responses=problems(EventNotFound),
)
def list_attendees(
    event_id: EventIdInPath,
    user: AttendeeViewer,
    services: ServicesDep,
    paging: PagingDep,
    q: Annotated[
        Text | None,
        Query(
            min_length=1,
            max_length=100,
            description="Words of a name or an e-mail address, a short code, or the number of a "
            "ticket or an order.",
        ),
    ] = None,
) -> Response:
    """To find a lost ticket. Needs an account: a scanner device may not see addresses."""
    page = services.attendees.page(
        event_id=event_id,
        actor=user.actor,
        words=q,
        after=paging.after("id"),
        limit=paging.limit,
    )
    return paging.answer(page.of(AttendeeOut.of))
