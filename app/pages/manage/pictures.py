"""The picture of an event in the console: uploaded, replaced, taken away."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import PictureUnusable, Unavailable
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.domain.pictures import LONGEST_ALT
from app.http.browsers.sessions import (
    PROOF_FIELDS,
    BrowserSession,
    SendingBrowser,
    SignedInBrowser,
    is_of_session,
)
from app.http.concurrency_limit import takes_upload
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.problems import status_of
from app.http.refusals import ContentTooLarge, FormNotOurs
from app.http.uploads import Upload, read_upload
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.shown_events import event_of
from app.pages.rendering import PageRouter, page, see
from app.schemas.events.pictures import PictureFields

router = PageRouter("/manage/events/{event_id}/picture")

IMAGE: Final = "image"
ALT: Final = "alt"


def _to_manage(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> EventListing:
    return event_of(event_id, session, services, Action.MANAGE_EVENT)


EventDep = Annotated[EventListing, Depends(_to_manage)]


async def read_picture(request: Request, session: BrowserSession, *others: str) -> Upload | None:
    """A form with a picture and these other fields; ``None``: its file is too large.

    Its sender's right to send it has been checked.

    Raises:
        FormNotOurs: the form has not this session's proof.
    """
    try:
        upload = await read_upload(request, name=IMAGE, others=(*others, *PROOF_FIELDS))
    except ContentTooLarge:
        return None
    if not is_of_session(session, upload.fields):
        raise FormNotOurs  # no page can send a file once more
    return upload


def most_of_file(request: Request) -> str:
    """How large a file may be, for people."""
    most: int = request.app.state.picture_bytes
    return f"{most / 1024 / 1024:.3g} MB"


def too_large(request: Request) -> Mistakes:
    """What is wrong with a larger one."""
    sentence = f"The file is too large: send one of at most {most_of_file(request)}."
    return Mistakes({IMAGE: sentence}, status_of(ContentTooLarge))


async def _sent(request: Request, session: SignedInBrowser, _: EventDep) -> Upload | None:
    """The form, which is read once it is known that its sender may change the event."""
    return await read_picture(request, session, ALT)


@router.get("")
def ask_for_picture(request: Request, session: SignedInBrowser, event: EventDep) -> HTMLResponse:
    """The picture there is, and a form for another one."""
    return _form(request, session, event, {ALT: event.picture_alt or ""})


@router.post("")
@takes_upload
def upload_picture(
    request: Request,
    event_id: EventIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
    event: EventDep,
    upload: Annotated[Upload | None, Depends(_sent)],
) -> Response:
    """Show this picture from now on."""
    if upload is None:
        return _form(request, session, event, {}, too_large(request))
    values = {ALT: upload.fields.get(ALT, "")}
    try:
        fields = PictureFields(alt=values[ALT].strip() or None)
        services.event_pictures.upload(
            event_id=event_id, organizer=session.user, content=upload.content, alt=fields.alt
        )
    except (ValidationError, PictureUnusable, Unavailable) as refusal:
        return _form(request, session, event, values, mistakes_in(refusal, (IMAGE, ALT)))
    return see(f"/manage/events/{event_id}")


@router.post("/remove")
def remove_picture(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep
) -> Response:
    """Show no uploaded picture any more."""
    services.event_pictures.remove(event_id=event_id, organizer=session.user)
    return see(f"/manage/events/{event_id}/picture")


def _form(
    request: Request,
    session: BrowserSession,
    event: EventListing,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "manage_event_picture.html",
        session=session,
        mistakes=mistakes,
        event=event,
        values=values,
        most=most_of_file(request),
        longest_alt=LONGEST_ALT,
    )
