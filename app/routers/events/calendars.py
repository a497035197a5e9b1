from typing import Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from app.domain.errors import EventNotFound
from app.domain.ids import EventId
from app.http.callers import public
from app.http.dependencies import ServicesDep, public_url
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath
from app.http.strict_route import StrictRoute

router = APIRouter(prefix="/events", tags=["events"], route_class=StrictRoute)

ICS: Final = "text/calendar"
ICS_FORM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "An iCalendar file (RFC 5545).",
        "content": {ICS: {"schema": {"type": "string"}}},
    }
}


class CalendarResponse(Response):
    """A file that calendars open."""

    media_type = ICS


def calendar_file(content: bytes, event_id: EventId) -> CalendarResponse:
    """The file to download. It is always asked for again: events move."""
    headers = {
        "Content-Disposition": f'attachment; filename="event-{event_id}.ics"',
        "Cache-Control": "no-cache",
    }
    return CalendarResponse(content, headers=headers)


@router.get(
    "/{event_id}.ics",
    response_class=CalendarResponse,
    summary="Download an event's calendar file",
    responses={
        **ICS_FORM,
        **problems(EventNotFound),
    },
)
@public
def download_calendar(event_id: EventIdInPath, request: Request, services: ServicesDep) -> Response:
    """Everybody may look. A calendar that opens it again moves its entry when the event moves."""
    content = services.events.calendar(event_id=event_id, host=host_of(request))
    return calendar_file(content, event_id)


def host_of(request: Request) -> str:
    """The shop's name on the network."""
    return urlsplit(public_url(request)).hostname or "localhost"
