"""Messages to all who hold tickets, in the console: written, looked at, then sent."""

import hashlib
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, TooMany
from app.domain.operations.idempotency import KeyedCall
from app.domain.permissions import Action
from app.http.browsers.sessions import (
    BrowserSession,
    FormFields,
    PageRoute,
    SendingBrowser,
    SignedInBrowser,
)
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.problems import status_of
from app.http.services import Services
from app.pages.forms import mistakes_in
from app.pages.rendering import page
from app.pages.users.signing_in import see
from app.schemas.events.holder_messages import HolderMessage
from app.services.events.holders.holder_messages import MessagePreview
from app.services.operations.idempotency import Answer

router = APIRouter(
    prefix="/manage/events/{event_id}/messages", include_in_schema=False, route_class=PageRoute
)

FIELDS: Final = ("subject", "text")


@router.get("")
def show_messages(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form for a message, and how far the last ones are."""
    return _shown(event_id, session, services, {})


@router.post("")
def write_message(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """First the mail as it will be; sent once that was looked at, and once only."""
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
        services.idempotency.in_one_transaction(
            _call(event_id, session, form),
            lambda: _sent(event_id, session, services, wanted),
        )
    except ValidationError as error:
        mistakes = mistakes_in(error, FIELDS)
        return _shown(event_id, session, services, form, mistakes=mistakes, status=422)
    except (Conflict, TooMany) as refusal:
        mistakes, status = mistakes_in(refusal, FIELDS), status_of(type(refusal))
        return _shown(event_id, session, services, form, mistakes=mistakes, status=status)
    return see(f"/manage/events/{event_id}/messages#sent")


def _sent(
    event_id: EventIdInPath, session: BrowserSession, services: Services, wanted: HolderMessage
) -> Answer:
    services.holder_messages.send(
        event_id=event_id, organizer=session.user, subject=wanted.subject, text=wanted.text
    )
    return Answer(201, b"{}")


def _call(event_id: EventIdInPath, session: BrowserSession, form: dict[str, str]) -> KeyedCall:
    """The same for a form that is sent twice: the same words to the same people in a day."""
    asked = "\n".join((form.get("subject", ""), form.get("text", "")))
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    return KeyedCall(
        caller=f"user:{session.user.id}",
        operation=f"POST /manage/events/{event_id}/messages",
        key=fingerprint,
        fingerprint=fingerprint,
    )


def _shown(
    event_id: EventIdInPath,
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    *,
    preview: MessagePreview | None = None,
    mistakes: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    event = services.managed_events.show(
        event_id=event_id, organizer=session.user, action=Action.MESSAGE_HOLDERS
    ).shown.event
    return page(
        "manage_messages.html",
        status=status,
        has_form=True,
        session=session,
        event=event,
        values=values,
        mistakes=mistakes or {},
        preview=preview,
        messages=services.holder_messages.latest(event_id=event_id, organizer=session.user),
    )
