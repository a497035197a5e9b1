from fastapi import APIRouter, Response

from app.domain.errors import EventNotFound, NoHolders, TooManyMails
from app.domain.paging import NEWEST_FIRST
from app.http.answers import (
    IdempotentCallDep,
    PagingDep,
    answer,
    without_idempotency_key,
)
from app.http.callers import HolderWriter
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.events.holder_messages import HolderMessage, HolderMessageOut, MessagePreviewOut

router = APIRouter(prefix="/events/{event_id}/messages", tags=["events"], route_class=StrictRoute)


@router.get(
    "",
    response_model=list[HolderMessageOut],
    summary="List messages to holders",
    responses=problems(EventNotFound),
)
def list_holder_messages(
    event_id: EventIdInPath, organizer: HolderWriter, services: ServicesDep, paging: PagingDep
) -> Response:
    """The newest first, with how many mails wait, were sent or failed.

    Some time after the event they are deleted.
    """
    page = services.holder_messages.page(
        event_id=event_id,
        organizer=organizer,
        after=paging.after(NEWEST_FIRST),
        limit=paging.limit,
    )
    return paging.answer(page.of(HolderMessageOut.of))


@router.post(
    "/preview",
    response_model=MessagePreviewOut,
    summary="Preview a message to holders",
    responses=problems(EventNotFound),
)
@without_idempotency_key
def preview_holder_message(
    event_id: EventIdInPath, body: HolderMessage, organizer: HolderWriter, services: ServicesDep
) -> Response:
    """The mail, and how many would get it. Nothing is sent."""
    preview = services.holder_messages.preview(
        event_id=event_id, organizer=organizer, subject=body.subject, text=body.text
    )
    return answer(MessagePreviewOut.of(preview))


@router.post(
    "",
    response_model=HolderMessageOut,
    status_code=201,
    summary="Write to all who hold tickets",
    responses=problems(EventNotFound, NoHolders, TooManyMails),
)
def send_holder_message(
    event_id: EventIdInPath,
    body: HolderMessage,
    organizer: HolderWriter,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Each holder gets one mail, at most three such a day.

    Needed first: an event with a ticket sold.
    """
    return call.run(
        lambda: HolderMessageOut.of(
            services.holder_messages.send(
                event_id=event_id, organizer=organizer, subject=body.subject, text=body.text
            )
        )
    )
