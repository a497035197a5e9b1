"""The shop's front, and the page of an event: for people who look around."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import escape

from app.domain.errors import EventNotFound, TooManyGuesses
from app.domain.events.lists import EventFilter
from app.domain.ids import MAX_ID, EventId
from app.domain.languages import marked
from app.domain.listings import EventListing
from app.domain.paging import LONGEST_CURSOR, Cursor, CursorInvalid, EventSort
from app.domain.text import search_key
from app.domain.users.attempts import ClientAddress
from app.http.browsers.languages import chosen_in_query
from app.http.browsers.samples import samples_of
from app.http.dependencies import ROOT_PATH, Client, ServicesDep, public_url
from app.http.problems import status_of
from app.http.services import Services
from app.pages.rendering import page
from app.routers.events.calendars import calendar_file, host_of
from app.schemas.events.pictures import shown_image
from app.schemas.events.search_engines import event_data
from app.services.events.event_pages import EventPage

router = APIRouter(include_in_schema=False)

ACCESS_CODE: Final = "access_code"
WRONG_CODE: Final = marked("No ticket type of this event has this access code.")

EVENTS_ON_A_PAGE: Final = 12
LONGEST_SLUG: Final = 60
_NO_SLUG: Final = re.compile(r"[^a-z0-9]+")

EventInPath = Annotated[
    str, Path(pattern=r"^[1-9][0-9]{0,15}(?:-[a-z0-9-]*)?$", max_length=17 + LONGEST_SLUG)
]
"""An event's number and, for people, the words of its title: ``12-lagos-jazz-night``."""

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})

_SHORTEST_DESCRIPTION: Final = 200
"""Characters of a description that other sites show of a link."""


@router.get("/")
def front(
    request: Request,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=100)] = "",
    category: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
) -> Response:
    """What is on, the next first; all of it, of a category, or with some words."""
    try:
        after = Cursor.behind(cursor, sort=EventSort.DATE.value)
    except CursorInvalid:
        after = None  # an old bookmark: the first page is what people want then
    which = EventFilter(words=q or None, category=category or None)
    shown = services.event_pages.front(which, after=after, limit=EVENTS_ON_A_PAGE)
    return _public(
        page(
            "front.html",
            has_form=True,
            pictures=_pictures(*shown.events.items),
            shown=shown,
            address=event_path,
            q=q,
            category=category,
            is_first=after is None,
            offers_samples=samples_of(request) is not None,
        )
    )


@router.get("/e/{event}.ics")
def event_calendar(event: EventInPath, request: Request, services: ServicesDep) -> Response:
    """The event for people's calendars, with the way back to its page."""
    event_id = _id_in(event)
    try:
        found = services.event_pages.show(event_id).event
    except EventNotFound:
        return _missing()
    url = public_url(request) + event_path(found, with_root=False)
    content = services.events.calendar(event_id=event_id, host=host_of(request), url=url)
    return calendar_file(content, event_id)


@router.get("/e/{event}/embed")
def embedded_event(event: EventInPath, request: Request, services: ServicesDep) -> Response:
    """The event as a card that pages of others show in a frame; its link leads to its page."""
    try:
        shown = services.event_pages.show(_id_in(event))
    except EventNotFound:
        return _missing()
    url = public_url(request) + event_path(shown.event, with_root=False)
    return _public(
        page(
            "event_embed.html",
            is_embeddable=True,
            pictures=_pictures(shown),
            colour=shown.event.organization_colour,
            shown=shown,
            url=url,
        )
    )


@router.get("/e/{event}/poster")
def poster(event: EventInPath, request: Request, services: ServicesDep) -> Response:
    """A sheet to print, with the QR code of the event's page."""
    try:
        shown = services.event_pages.show(_id_in(event))
    except EventNotFound:
        return _missing()
    url = public_url(request) + event_path(shown.event, with_root=False)
    return _public(
        page(
            "event_poster.html",
            colour=shown.event.organization_colour,
            shown=shown,
            url=url,
            path=event_path(shown.event),
        )
    )


@router.get("/e/{event}/poster.svg")
def poster_code(event: EventInPath, request: Request, services: ServicesDep) -> Response:
    """The QR code of the event's page alone, for posters and leaflets of one's own."""
    try:
        shown = services.event_pages.show(_id_in(event))
    except EventNotFound:
        return _missing()
    url = public_url(request) + event_path(shown.event, with_root=False)
    return _public(Response(services.event_pages.poster_code(url), media_type="image/svg+xml"))


@router.get("/e/{event}")
def event(
    event: EventInPath,
    request: Request,
    services: ServicesDep,
    client: Client,
    access_code: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """One event, with what can be bought, and with what an access code opens."""
    try:
        if code := access_code.strip():
            return _unlocked(_id_in(event), code, request, services, client)
        shown = services.event_pages.show(_id_in(event))
    except EventNotFound:
        return _missing()
    address = event_path(shown.event)
    if ROOT_PATH.get() + f"/e/{event}" != address:
        return RedirectResponse(address + chosen_in_query(request.scope), 301)
    return _public(event_page(shown, request))


def _unlocked(
    event_id: EventId, code: str, request: Request, services: Services, client: ClientAddress
) -> Response:
    """The event's page with the ticket types that the code opens, or with what is wrong with it."""
    form, errors, status = {ACCESS_CODE: code}, {ACCESS_CODE: WRONG_CODE}, 422
    try:
        shown = services.event_pages.unlocked(event_id, access_code=code, client=client)
        if shown is not None:
            return event_page(shown, request, form=form)
    except TooManyGuesses as refusal:
        errors, status = {ACCESS_CODE: refusal.detail}, status_of(TooManyGuesses)
    shown = services.event_pages.show(event_id)
    return event_page(shown, request, form=form, errors=errors, status=status)


def event_page(
    shown: EventPage,
    request: Request,
    *,
    form: Mapping[str, str] = NOTHING,
    errors: Mapping[str, str] = NOTHING,
    status: int = 200,
) -> HTMLResponse:
    """The page of an event.

    Args:
        shown: the event.
        request: the call.
        form: what was typed into its form before.
        errors: a sentence for each field that was wrong; under ``notice`` what is about none.
        status: the status of the answer.
    """
    url = public_url(request) + event_path(shown.event, with_root=False)
    return page(
        "event.html",
        status=status,
        has_form=True,
        form=form,
        errors=errors,
        pictures=_pictures(shown),
        colour=shown.event.organization_colour,
        shown=shown,
        url=url,
        path=event_path(shown.event),
        picture=shown_image(shown.event),
        summary=_summary(shown.event),
        embed=_frame(shown.event, url),
        described=event_data(shown, url),
    )


def event_path(event: EventListing, *, with_root: bool = True) -> str:
    """Where the page of an event is, such as ``/e/12-lagos-jazz-night``."""
    words = _NO_SLUG.sub("-", search_key(event.title))[:LONGEST_SLUG].strip("-")
    path = f"/e/{event.id}-{words}" if words else f"/e/{event.id}"
    return ROOT_PATH.get() + path if with_root else path


def _id_in(event: str) -> EventId:
    """The number at the beginning; one too large is that of no event."""
    return EventId(min(int(event.partition("-")[0]), MAX_ID))


def _missing() -> HTMLResponse:
    return page("no_event.html", status=404)


def _public(answer: Response) -> Response:
    """The answer, which browsers may keep but ask about: places are sold while people read."""
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _pictures(*shown: EventPage) -> list[str]:
    """Those that lie elsewhere and are shown."""
    found = (each.event for each in shown)
    return [each.image_url for each in found if each.image_url and not each.picture]


def _summary(event: EventListing) -> str:
    """The beginning of the description in one line, as other sites show it below a link."""
    words = " ".join((event.description or event.location).split())
    if len(words) <= _SHORTEST_DESCRIPTION:
        return words
    return words[:_SHORTEST_DESCRIPTION].rpartition(" ")[0] + " …"


def _frame(event: EventListing, url: str) -> str:
    """The line of HTML that shows the event on a page of others."""
    return (
        f'<iframe src="{url}/embed" title="{escape(event.title)}" width="340" height="380" '
        'style="border:0"></iframe>'
    )
