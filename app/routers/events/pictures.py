from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response, status
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.domain.errors import EventNotFound, PicturesUnavailable, PictureUnusable
from app.domain.pictures import LONGEST_ALT
from app.http.answers import IdempotentCallDep, answer, without_idempotency_key
from app.http.callers import EventManager
from app.http.concurrency_limit import takes_upload
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath
from app.http.strict_route import StrictRoute
from app.http.uploads import MULTIPART, Upload, read_upload
from app.schemas.events.events import EventOut
from app.schemas.events.pictures import PictureFields

router = APIRouter(prefix="/events", tags=["events"], route_class=StrictRoute)

IMAGE: Final = "image"
ALT: Final = "alt"


def form_with_picture(title: str, **others: dict[str, Any]) -> dict[str, Any]:
    """What the description says of a form with a picture and ``others``, its further fields."""
    picture = {
        "type": "string",
        "contentMediaType": "application/octet-stream",
        "minLength": 1,
        "description": "A JPEG, PNG or WebP file.",
    }
    schema = {
        "type": "object",
        "title": title,
        "required": [IMAGE],
        "properties": {IMAGE: picture, **others},
    }
    return {"required": True, "content": {MULTIPART: {"schema": schema}}}


FORM: Final = form_with_picture(
    "Picture",
    alt={
        "type": "string",
        "maxLength": LONGEST_ALT,
        "description": "What it shows, for those who cannot see it.",
        "examples": ["A band on a stage at night"],
    },
)


def _ensure_may_change(
    event_id: EventIdInPath, organizer: EventManager, services: ServicesDep
) -> None:
    services.event_pictures.ensure_may_change(event_id=event_id, organizer=organizer)


async def _upload(request: Request, _: Annotated[None, Depends(_ensure_may_change)]) -> Upload:
    """The form, which is read once it is known that its sender may change the event."""
    return await read_upload(request, name=IMAGE, others=(ALT,))


@router.put(
    "/{event_id}/image",
    response_model=EventOut,
    summary="Upload an event's picture",
    responses=problems(EventNotFound, PictureUnusable, PicturesUnavailable),
    openapi_extra={"requestBody": FORM},
)
@takes_upload
@without_idempotency_key
def upload_picture(
    event_id: EventIdInPath,
    organizer: EventManager,
    upload: Annotated[Upload, Depends(_upload)],
    services: ServicesDep,
) -> Response:
    """In place of the one before. At least 200 x 200 pixels, and 10 MB at most by default.

    It is drawn anew in up to three widths, upright and without what cameras write into files, such
    as the place. The answer's `image` says where they are.
    """
    try:
        fields = PictureFields(alt=upload.fields.get(ALT) or None)
    except ValidationError as error:
        found = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(found) from None
    return answer(
        EventOut.of(
            services.event_pictures.upload(
                event_id=event_id, organizer=organizer, content=upload.content, alt=fields.alt
            )
        )
    )


@router.delete(
    "/{event_id}/image",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove an event's picture",
    responses=problems(EventNotFound),
)
def remove_picture(
    event_id: EventIdInPath,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The uploaded one; that of `image_url`, if there is one, is shown from then on."""

    def remove() -> None:
        services.event_pictures.remove(event_id=event_id, organizer=organizer)

    return call.run(remove)
