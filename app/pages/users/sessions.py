"""Where an account is signed in, the buttons that end that, and the language it reads."""

from contextlib import suppress
from typing import Annotated, Final

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import SessionNotFound
from app.domain.ids import MAX_ID, SessionId
from app.domain.languages import Language, marked
from app.domain.users.sessions import ClientKind
from app.http.answers import MOST_ITEMS
from app.http.browsers.languages import NAMES, PARAMETER
from app.http.browsers.sessions import SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.pages.rendering import PageRouter, page, see

router = PageRouter("/account/sessions")

KINDS: Final = {
    ClientKind.BROWSER: marked("A browser"),
    ClientKind.PHONE_BROWSER: marked("A browser on a phone"),
    ClientKind.PROGRAM: marked("A program"),
}


@router.get("")
def list_sessions(
    request: Request, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """The newest logins that can still be used, and the language of the account's mails."""
    found = services.sessions.page(user_id=session.user.id, after=None, limit=MOST_ITEMS)
    return page(
        "sessions.html",
        session=session,
        sessions=found.items,
        kinds=KINDS,
        languages=NAMES.items(),
        reads=session.user.language or request.app.state.default_language,
    )


@router.post("/language")
def choose_language(
    session: SendingBrowser, services: ServicesDep, language: Annotated[Language, Form()]
) -> Response:
    """What mails and tickets are in from now on, and the pages in this browser.

    The links at the foot of pages change the latter alone: a link of another site must not change
    an account.
    """
    services.users.edit(user_id=session.user.id, language=language)
    return see(f"/account/sessions?{PARAMETER}={language}")


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
