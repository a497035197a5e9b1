"""Messages to all who hold tickets, in the console: written, looked at, then sent."""

from typing import Final

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, TooMany
from app.domain.paging import NEWEST_FIRST
from app.domain.permissions import Action
from app.http.browsers.lists import CursorInQuery, place_behind
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.services import Services
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.sent_once import made_once, opened_once
from app.pages.manage.shown_events import event_of
from app.pages.rendering import PageRouter, page, see
from app.schemas.events.holder_messages import HolderMessage
from app.services.events.holder_messages import MessagePreview

router = PageRouter("/manage/events/{event_id}/messages")

FIELDS: Final = ("subject", "text")
MESSAGES_ON_A_PAGE: Final = 20


@router.get("")
def show_messages(
    event_id: EventIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
    cursor: CursorInQuery = None,
) -> HTMLResponse:
    """A form for a message, and how far the last ones are, or those behind the cursor."""
    return _shown(event_id, session, services, {}, cursor=cursor)


@router.post("")
def write_message(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """First the mail as it will be; sent once that was looked at, and once only."""

    def send() -> int:
        sent = services.holder_messages.send(
            event_id=event_id, organizer=session.user, subject=wanted.subject, text=wanted.text
        )
        return sent.announcement.id

    try:
        wanted = HolderMessage(subject=form.get("subject", ""), text=form.get("text", ""))
        if form.get("step") != "send":
            preview = services.holder_messages.preview(
                event_id=event_id,
                organizer=session.user,
                subject=wanted.subject,
                text=wanted.text,
            )
            return _shown(event_id, session, services, form, preview=preview)
        made_once(session, services, f"POST /manage/events/{event_id}/messages", form, send)
    except (ValidationError, Conflict, TooMany) as refusal:
        return _shown(event_id, session, services, form, mistakes=mistakes_in(refusal, FIELDS))
    return see(f"/manage/events/{event_id}/messages#sent")


def _shown(
    event_id: EventIdInPath,
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    *,
    cursor: str | None = None,
    preview: MessagePreview | None = None,
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "manage_messages.html",
        session=session,
        mistakes=mistakes,
        event=event_of(event_id, session, services, Action.MESSAGE_HOLDERS),
        values=opened_once(services, values),
        preview=preview,
        sent=services.holder_messages.page(
            event_id=event_id,
            organizer=session.user,
            after=place_behind(cursor, NEWEST_FIRST),
            limit=MESSAGES_ON_A_PAGE,
        ),
    )
