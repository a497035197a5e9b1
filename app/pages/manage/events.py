"""The console's list of events, and the form for a new one."""

import hashlib
import json
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response, status
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, Invalid
from app.domain.operations.idempotency import KeyedCall
from app.domain.paging import LONGEST_CURSOR, Cursor, CursorInvalid
from app.http.browsers.sessions import (
    BrowserSession,
    FormFields,
    PageRoute,
    SendingBrowser,
    SignedInBrowser,
)
from app.http.dependencies import ServicesDep
from app.http.problems import status_of
from app.pages.forms import mistakes_in
from app.pages.manage.event_forms import NEW_EVENT_FIELDS, event_in
from app.pages.rendering import page
from app.pages.users.signing_in import see
from app.routers.events.events import new_event
from app.services.operations.idempotency import Answer

router = APIRouter(prefix="/manage", include_in_schema=False, route_class=PageRoute)

EVENTS_ON_A_PAGE: Final = 20

CursorInQuery = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]


@router.get("")
def list_events(
    session: SignedInBrowser, services: ServicesDep, cursor: CursorInQuery = None
) -> HTMLResponse:
    """My organizations' events, the last created first, with what they have sold."""
    found = services.managed_events.page(
        organizer=session.user, after=place_behind(cursor, "-id"), limit=EVENTS_ON_A_PAGE
    )
    return page("manage_events.html", has_form=True, session=session, found=found)


@router.get("/events/new")
def ask_for_event(request: Request, session: SignedInBrowser) -> HTMLResponse:
    """A form for a new event."""
    return _form(request, session, {})


@router.post("/events/new")
def create_event(
    request: Request, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Put the event on sale, and show it as its organizer sees it.

    The same form sent again, as by a button that is pressed twice, leads to the same event.
    """

    def create() -> Answer:
        event = services.events.create(organizer=session.user, new=new)
        return Answer(status.HTTP_303_SEE_OTHER, str(event.id).encode())

    try:
        new = new_event(event_in(form), request)
        done = services.idempotency.in_one_transaction(_call(session, form), create)
    except ValidationError as error:
        return _form(request, session, form, mistakes_in(error, NEW_EVENT_FIELDS), status=422)
    except (Conflict, Invalid) as refusal:
        mistakes = mistakes_in(refusal, NEW_EVENT_FIELDS)
        return _form(request, session, form, mistakes, status=status_of(type(refusal)))
    return see(f"/manage/events/{done.body.decode()}")


def place_behind(cursor: str | None, sort: str) -> Cursor | None:
    """Where a list goes on; an old bookmark leads to its beginning."""
    try:
        return Cursor.behind(cursor, sort=sort)
    except CursorInvalid:
        return None


def _call(session: BrowserSession, form: dict[str, str]) -> KeyedCall:
    """The call that sends this form, which is one of this session alone."""
    content = hashlib.sha256(json.dumps(form, sort_keys=True).encode()).hexdigest()
    return KeyedCall(
        caller=f"user:{session.user.id}",
        operation="POST /manage/events/new",
        key=content,
        fingerprint=content,
    )


def _form(
    request: Request,
    session: BrowserSession,
    values: dict[str, str],
    mistakes: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HTMLResponse:
    defaults = request.app.state.event_defaults
    return page(
        "manage_event_form.html",
        status=status,
        has_form=True,
        session=session,
        values=values,
        mistakes=mistakes or {},
        event=None,
        time_zone=defaults.time_zone,
        currency=defaults.currency,
    )
