"""Where an account is signed in, and the buttons that end that."""

from contextlib import suppress
from typing import Annotated, Final

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import SessionNotFound
from app.domain.ids import MAX_ID, SessionId
from app.domain.languages import marked
from app.domain.users.client_kinds import ClientKind
from app.http.answers import MOST_ITEMS
from app.http.browsers.sessions import PageRoute, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.pages.rendering import page
from app.pages.users.signing_in import see

router = APIRouter(prefix="/account/sessions", include_in_schema=False, route_class=PageRoute)

KINDS: Final = {
    ClientKind.BROWSER: marked("A browser"),
    ClientKind.PHONE_BROWSER: marked("A browser on a phone"),
    ClientKind.PROGRAM: marked("A program"),
}


@router.get("")
def list_sessions(session: SignedInBrowser, services: ServicesDep) -> HTMLResponse:
    """The newest logins that can still be used."""
    found = services.sessions.page(user_id=session.user.id, after=None, limit=MOST_ITEMS)
    return page("sessions.html", has_form=True, session=session, sessions=found.items, kinds=KINDS)


@router.post("")
def end_others(session: SendingBrowser, services: ServicesDep) -> Response:
    """Log out everywhere else."""
    services.sessions.end_others(user_id=session.user.id, current=session.session_id)
    return see("/account/sessions")


@router.post("/end")
def end_one(
    session: SendingBrowser,
    services: ServicesDep,
    session_id: Annotated[int, Form(ge=1, le=MAX_ID)],
) -> Response:
    """End one login; one that has ended meanwhile is as wanted."""
    with suppress(SessionNotFound):
        services.sessions.end(user_id=session.user.id, session_id=SessionId(session_id))
    return see("/account/sessions")
