from fastapi import Response

from app.domain.events.versions import etag_of
from app.domain.listings import EventListing
from app.http.answers import answer
from app.schemas.events.events import EventOut


def event_answer(event: EventListing, *, status: int = 200) -> Response:
    """The event, with its version as ETag."""
    return answer(EventOut.of(event), status=status, headers={"ETag": etag_of(event.version)})
