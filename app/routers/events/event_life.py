from fastapi import APIRouter, Response, status

from app.domain.errors import (
    EventInPast,
    EventIsCancelled,
    EventIsDraft,
    EventNotFound,
    EventNotReady,
    EventValueInvalid,
)
from app.http.answers import IdempotentCallDep
from app.http.callers import EventCopier, EventManager
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath
from app.http.preconditions import ETAG_HEADER
from app.http.strict_route import StrictRoute
from app.routers.events.events import event_answer
from app.schemas.events.event_life import EventDuplicate
from app.schemas.events.events import EventOut

router = APIRouter(prefix="/events/{event_id}", tags=["events"], route_class=StrictRoute)


@router.post(
    "/publish",
    response_model=EventOut,
    summary="Publish a draft",
    responses={200: {"headers": ETAG_HEADER}, **problems(EventNotFound, EventNotReady)},
)
def publish_event(
    event_id: EventIdInPath,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Everybody sees it from now on, and its tickets are on sale. There is no way back.

    A published event stays as it is. What keeps a draft from being published is listed in `errors`.
    """
    return call.run(
        lambda: event_answer(services.event_life.publish(event_id=event_id, organizer=organizer))
    )


@router.post(
    "/pause-sales",
    response_model=EventOut,
    summary="Pause sales",
    responses={
        200: {"headers": ETAG_HEADER},
        **problems(EventNotFound, EventIsDraft, EventIsCancelled),
    },
)
def pause_sales(
    event_id: EventIdInPath,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """No orders can be placed (`sales-paused`) until sales are resumed.

    Orders placed before can be paid, tickets are checked as ever, and who waits is offered nothing.
    """
    return call.run(
        lambda: event_answer(
            services.event_life.pause_sales(event_id=event_id, organizer=organizer)
        )
    )


@router.post(
    "/resume-sales",
    response_model=EventOut,
    summary="Resume sales",
    responses={
        200: {"headers": ETAG_HEADER},
        **problems(EventNotFound, EventIsDraft, EventIsCancelled),
    },
)
def resume_sales(
    event_id: EventIdInPath,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Orders can be placed again; those who wait are offered what is free first."""
    return call.run(
        lambda: event_answer(
            services.event_life.resume_sales(event_id=event_id, organizer=organizer)
        )
    )


@router.post(
    "/duplicate",
    status_code=status.HTTP_201_CREATED,
    response_model=EventOut,
    summary="Duplicate an event",
    responses={
        201: {"headers": ETAG_HEADER},
        **problems(EventNotFound, EventInPast, EventValueInvalid),
    },
)
def duplicate_event(
    event_id: EventIdInPath,
    body: EventDuplicate,
    organizer: EventCopier,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The same on another date, as a draft: with its ticket types and promo codes, all unused.

    Also of an event that is over or was cancelled. `POST /events/{event_id}/publish` puts it on
    sale.
    """
    return call.run(
        lambda: event_answer(
            services.duplicates.duplicate(
                event_id=event_id, organizer=organizer, starts_at=body.date, title=body.title
            ),
            status=201,
        )
    )
