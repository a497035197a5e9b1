from fastapi import APIRouter, Response

from app.domain.errors import EventNotFound, EventNotReady
from app.http.answers import IdempotentCallDep, answer
from app.http.callers import EventManager
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.problems import problems
from app.http.strict_route import StrictRoute
from app.schemas.events.events import EventOut

router = APIRouter(prefix="/events/{event_id}", tags=["events"], route_class=StrictRoute)


@router.post(
    "/publish",
    response_model=EventOut,
    summary="Publish a draft",
    responses=problems(EventNotFound, EventNotReady),
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
        lambda: answer(
            EventOut.of(services.event_life.publish(event_id=event_id, organizer=organizer))
        )
    )
