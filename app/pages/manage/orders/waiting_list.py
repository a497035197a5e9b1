"""The waiting list of an event in the console: who waits for what, and what became of them."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Query, Response
from fastapi.responses import HTMLResponse

from app.domain.languages import marked
from app.domain.orders.waiting import WaitingFilter
from app.domain.paging import OLDEST_FIRST
from app.domain.permissions import Action
from app.domain.states import WaitingState
from app.http.browsers.lists import CursorInQuery, place_behind
from app.http.browsers.sessions import SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, WaitingEntryIdInPath
from app.pages.manage.shown_events import local_times
from app.pages.rendering import PageRouter, page, see

router = PageRouter("/manage/events/{event_id}/waiting-list")

ENTRIES_ON_A_PAGE: Final = 20

STATES: Final[Mapping[WaitingState, str]] = {
    WaitingState.WAITING: marked("waiting"),
    WaitingState.OFFERED: marked("has an offer"),
    WaitingState.BOUGHT: marked("bought"),
    WaitingState.LAPSED: marked("did not take the offer"),
    WaitingState.LEFT: marked("left the list"),
    WaitingState.ENDED: marked("ended"),
}


@router.get("")
def show_waiting_list(
    event_id: EventIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=100)] = "",
    state: Annotated[str, Query(max_length=20)] = "",
    cursor: CursorInQuery = None,
) -> HTMLResponse:
    """Who waits or has an offer, or those found, in the order in which they joined."""
    wanted = next((each for each in STATES if each == state), None)
    entries = services.waiting.of_event(
        organizer=session.user,
        event_id=event_id,
        which=WaitingFilter(state=wanted, words=q.replace("\x00", "").strip() or None),
        after=place_behind(cursor, OLDEST_FIRST),
        limit=ENTRIES_ON_A_PAGE,
    )
    desk = services.managed_events.show(
        event_id=event_id, organizer=session.user, action=Action.SEE_ORDERS
    )
    event = desk.shown.event
    return page(
        "manage_waiting_list.html",
        session=session,
        event=event,
        entries=entries,
        states=STATES,
        types={each.id: each.name for each in event.ticket_types},
        may_remove=desk.rights.may(Action.CHANGE_ORDERS),
        may_see_event=desk.rights.may(Action.SEE_EVENT),
        local=local_times(event),
        q=q,
        state=wanted or "",
    )


@router.post("/{entry_id}/remove")
def remove_entry(
    event_id: EventIdInPath,
    entry_id: WaitingEntryIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
) -> Response:
    """Take one who waits off the list; a mail tells them."""
    services.waiting.remove(organizer=session.user, event_id=event_id, entry_id=entry_id)
    return see(f"/manage/events/{event_id}/waiting-list")
