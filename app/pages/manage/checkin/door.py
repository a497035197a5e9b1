"""The door: gate staff find a ticket by its holder's name, let them in, and undo mistakes."""

import hashlib
from contextlib import suppress
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from app.domain.checkin.doors import WORDS, DoorEvent, ScanReason
from app.domain.errors import CheckInNotFound, CheckInNotUndoable
from app.domain.events.schedules import When
from app.domain.ids import MAX_ID, CheckInId, EventId
from app.domain.languages import marked
from app.http.browsers.sessions import (
    BrowserSession,
    FormFields,
    SendingBrowser,
    SignedInBrowser,
    WatchingBrowser,
)
from app.http.dependencies import ServicesDep
from app.http.path_ids import CheckInIdInPath, EventIdInPath, TicketIdInPath
from app.http.services import Services
from app.pages.manage.sent_once import FORM_TOKEN, opened_once
from app.pages.rendering import PageRouter, page, see
from app.services.checkin.check_ins import Answer

router = PageRouter("/manage")

LONGEST_WORDS: Final = 100
LONGEST_GATE: Final = 60
LATEST: Final = 5
"""Scans that the page lists, to undo one that was a mistake."""

UNDONE_HERE: Final = "Undone on the page of the door"
"""The reason that is kept."""

NOT_UNDOABLE: Final = marked(
    "This can no longer be undone: it was undone already, or the ticket was scanned again since."
)


@router.get("/door")
def list_doors(session: SignedInBrowser, services: ServicesDep) -> HTMLResponse:
    """The events whose tickets the account may check."""
    events = services.attendees.events_at_door(actor=session.user.actor)
    return page("manage_doors.html", session=session, events=events, when_of=_when_of)


@router.get("/events/{event_id}/door")
def show_door(
    event_id: EventIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=LONGEST_WORDS)] = "",
    gate: Annotated[str, Query(max_length=LONGEST_GATE)] = "",
    scan: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
) -> HTMLResponse:
    """A search for holders of tickets, what was said to the last one, and how many came."""
    answer = None
    if scan is not None:
        with suppress(CheckInNotFound):
            answer = services.check_ins.show(
                event_id=event_id, actor=session.user.actor, check_in_id=CheckInId(scan)
            )
    return _shown(event_id, session, services, {"q": q, "gate": gate}, answer)


@router.post("/events/{event_id}/door/tickets/{ticket_id}/admit")
def admit(
    event_id: EventIdInPath,
    ticket_id: TicketIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Check the ticket in. The same form sent again is answered with what was said before."""
    token = opened_once(services, form)[FORM_TOKEN]
    sent = hashlib.sha256(f"{session.user.id} {ticket_id} {token}".encode()).hexdigest()
    answer = services.check_ins.admit(
        event_id=event_id,
        actor=session.user.actor,
        ticket_id=ticket_id,
        scan_id=sent,
        gate=_gate_in(form) or None,
    )
    return see(_address(event_id, form, answer))


@router.post("/events/{event_id}/door/check-ins/{check_in_id}/undo")
def undo(
    event_id: EventIdInPath,
    check_in_id: CheckInIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Take a check-in back; one that was taken back already is as wanted."""
    actor = session.user.actor
    try:
        answer = services.check_ins.undo(
            event_id=event_id, actor=actor, check_in_id=check_in_id, reason=UNDONE_HERE
        )
    except CheckInNotUndoable:
        answer = services.check_ins.show(event_id=event_id, actor=actor, check_in_id=check_in_id)
        if answer.check_in.undone_at is None:
            told = NOT_UNDOABLE
            return _shown(event_id, session, services, form, answer, told=told, status=409)
    return see(_address(event_id, form, answer))


@router.get("/events/{event_id}/counts")
def stream_counts(
    event_id: EventIdInPath, request: Request, session: WatchingBrowser, services: ServicesDep
) -> StreamingResponse:
    """How many came, whenever it changes, for the script of pages that show it."""
    actor = session.user.actor
    live = request.app.state.live_counts
    live.ensure_room(event_id, actor.name)
    services.attendees.ensure_may_watch(event_id=event_id, actor=actor)
    stream: StreamingResponse = live.answer(request, event_id, caller=actor.name)
    return stream


def _address(event_id: EventId, form: dict[str, str], answer: Answer) -> str:
    """The page again, with what was said to the scan."""
    query = {"q": _words_in(form), "gate": _gate_in(form), "scan": answer.check_in.id}
    return f"/manage/events/{event_id}/door?{urlencode(query)}"


def _when_of(event: DoorEvent) -> When:
    """When it takes place, in its own zone."""
    return When.there(
        event.starts_at, event.ends_at, all_day=event.all_day, time_zone=event.time_zone
    )


def _words_in(form: dict[str, str]) -> str:
    return form.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]


def _gate_in(form: dict[str, str]) -> str:
    """Where the person stands: one line, as for scanners."""
    return " ".join(form.get("gate", "").replace("\x00", "").split())[:LONGEST_GATE]


def _shown(
    event_id: EventId,
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    answer: Answer | None,
    *,
    told: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    actor, words = session.user.actor, _words_in(values)
    view = services.attendees.door(event_id=event_id, actor=actor, words=words or None)
    latest = services.check_ins.page(
        event_id=event_id, actor=actor, verdict=None, ticket_id=None, after=None, limit=LATEST
    )
    return page(
        "manage_door.html",
        status=status,
        is_live=True,
        session=session,
        view=view,
        event=view.event,
        when_of=_when_of,
        latest=latest.items,
        q=words,
        gate=_gate_in(values),
        values=opened_once(services, {}),
        answer=answer,
        names={each.ticket_id: each.name for each in view.found},
        told_instead=told,
        words=WORDS,
        already_used=ScanReason.ALREADY_USED,
    )
