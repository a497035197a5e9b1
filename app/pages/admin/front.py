"""The back office: the search, what needs a person, and the log."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from app.domain.admins.actions import LONGEST_WORDS
from app.domain.admins.attention import remedy_for
from app.domain.ids import MAX_ID, UserId
from app.domain.languages import marked
from app.domain.paging import NEWEST_FIRST, OLDEST_FIRST, Page
from app.http.browsers.lists import CursorInQuery, place_behind
from app.http.browsers.sessions import BrowserSession
from app.http.dependencies import ServicesDep
from app.pages.admin.access import AdminBrowser
from app.pages.rendering import PageRouter, page
from app.schemas.admins.found import FoundKind
from app.schemas.base import Line

router = PageRouter("/admin")

FOUND_AT_ONCE: Final = 5
ON_A_PAGE: Final = 20
FIRST_OF_ALL: Final = 5
LINE: Final = TypeAdapter(Line)

Words = Annotated[str, Query(max_length=LONGEST_WORDS)]
Kind = Annotated[FoundKind | None, Query()]


@router.get("")
def show_front(session: AdminBrowser, services: ServicesDep) -> HTMLResponse:
    """The search, and the first of what needs a person."""
    waiting = services.attention.page(caller=session.user, after=None, limit=FIRST_OF_ALL)
    return page("admin_front.html", session=session, waiting=waiting, remedy=remedy_for)


@router.get("/find")
def find(
    session: AdminBrowser,
    services: ServicesDep,
    q: Words = "",
    kind: Kind = None,
    cursor: CursorInQuery = None,
) -> HTMLResponse:
    """What the words may stand for: the first of each kind, or all of one."""
    try:
        words = LINE.validate_python(q.strip())
    except ValidationError:
        return _found(session, q, mistake=marked("Search for one line of printable characters."))
    if not words:
        return _found(session, q, mistake=marked("Type what the caller quotes."))
    search = services.admin_search
    if kind is None:
        found = search.search(caller=session.user, words=words, limit=FOUND_AT_ONCE)
        lists: dict[str, Any] = {str(each): getattr(found, each) for each in FoundKind}
        return _found(session, words, events=found.events, **lists)
    after = place_behind(cursor, "-id" if kind == FoundKind.MAILS else NEWEST_FIRST)
    if kind == FoundKind.MAILS:
        mails = services.messages.page(
            caller=session.user, words=words, status=None, kind=None, after=after, limit=ON_A_PAGE
        )
        return _found(session, words, only=kind, mails=mails)
    of_kind: dict[FoundKind, Callable[..., Page[Any]]] = {
        FoundKind.PEOPLE: search.people,
        FoundKind.ORDERS: search.orders,
        FoundKind.PAYMENTS: search.payments,
        FoundKind.TICKETS: search.tickets,
    }
    some = of_kind[kind](caller=session.user, words=words, after=after, limit=ON_A_PAGE)
    shown: dict[str, Any] = {str(kind): some, "only": kind}
    return _found(session, words, **shown)


@router.get("/to-do")
def list_what_needs_a_person(
    session: AdminBrowser, services: ServicesDep, cursor: CursorInQuery = None
) -> HTMLResponse:
    """What needs a person, what waits longest first."""
    waiting = services.attention.page(
        caller=session.user, after=place_behind(cursor, OLDEST_FIRST), limit=ON_A_PAGE
    )
    return page("admin_to_do.html", session=session, waiting=waiting, remedy=remedy_for)


@router.get("/log")
def list_actions(
    session: AdminBrowser,
    services: ServicesDep,
    account: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    admin: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    cursor: CursorInQuery = None,
) -> HTMLResponse:
    """What admins looked up and changed, the newest first."""
    rows = services.admin_log.page(
        caller=session.user,
        actor=None if admin is None else f"user:{admin}",
        account_id=None if account is None else UserId(account),
        after=place_behind(cursor, NEWEST_FIRST),
        limit=ON_A_PAGE,
    )
    return page(
        "admin_log.html",
        session=session,
        rows=rows,
        about=account,
        admin=admin,
    )


def _found(
    session: BrowserSession, q: str, mistake: str | None = None, **lists: Any
) -> HTMLResponse:
    empty: dict[str, Any] = dict.fromkeys((*map(str, FoundKind), "events", "only"))
    shown = {**empty, **lists}
    status = 422 if mistake else 200
    return page("admin_found.html", status=status, session=session, q=q, mistake=mistake, **shown)
