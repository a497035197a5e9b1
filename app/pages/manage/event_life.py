"""What an organizer does with a whole event: publish and preview it, pause its sales, copy it."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, EventNotReady, Invalid
from app.domain.ids import EventId
from app.domain.languages import marked
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.problems import status_of
from app.http.services import Services
from app.pages.events import event_page, event_path
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.sent_once import made_once, opened_once
from app.pages.manage.shown_events import event_of
from app.pages.rendering import PageRouter, page, see
from app.schemas.events.event_life import EventDuplicate

router = PageRouter("/manage/events/{event_id}")

FIELDS: Final = ("title", "date")

WHAT_TO_CHANGE: Final = {
    "/date": marked("Its date has passed: give it one that lies ahead."),
    "/ticket_types": marked("No ticket type can be bought: give one a later end of its sale."),
}
"""What keeps a draft from being published, in words for people."""


@router.get("/preview")
def preview(
    event_id: EventIdInPath, request: Request, session: SignedInBrowser, services: ServicesDep
) -> Response:
    """The event's page as everybody will see it; of a published event, the page itself."""
    event = services.event_life.show_to_member(event_id=event_id, reader=session.user)
    if not event.is_draft:
        return see(event_path(event, with_root=False))
    return event_page(services.event_pages.of(event), request)


@router.post("/publish")
def publish(event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep) -> Response:
    """Put a draft on sale, or say what it lacks."""
    try:
        services.event_life.publish(event_id=event_id, organizer=session.user)
    except EventNotReady as refusal:
        event = event_of(event_id, session, services, Action.MANAGE_EVENT)
        missing = [WHAT_TO_CHANGE[each["pointer"]] for each in refusal.errors]
        return page(
            "manage_not_ready.html",
            status=status_of(EventNotReady),
            session=session,
            event=event,
            missing=missing,
        )
    return _back(event_id)


@router.post("/pause-sales")
def pause_sales(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep
) -> Response:
    """Pause sales until they are resumed."""
    services.event_life.pause_sales(event_id=event_id, organizer=session.user)
    return _back(event_id)


@router.post("/resume-sales")
def resume_sales(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep
) -> Response:
    """Let orders be placed again."""
    services.event_life.resume_sales(event_id=event_id, organizer=session.user)
    return _back(event_id)


@router.get("/delete")
def ask_to_delete(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """Whether the draft shall really be deleted."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    return page("manage_delete.html", session=session, event=event)


@router.post("/delete")
def delete(event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep) -> Response:
    """Delete an event without orders, such as a draft."""
    services.events.delete(event_id=event_id, organizer=session.user)
    return see("/manage")


@router.get("/duplicate")
def ask_for_date(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form with the title, and room for another date."""
    event = event_of(event_id, session, services, Action.CREATE_EVENT)
    return _form(session, services, event, {"title": event.title})


@router.post("/duplicate")
def duplicate(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Make a draft of the same event on another date, and show it as its organizer sees it.

    The same form sent again, as by a button that is pressed twice, leads to the same draft.
    """
    event = event_of(event_id, session, services, Action.CREATE_EVENT)

    def copy() -> EventId:
        return services.duplicates.duplicate(
            event_id=event_id, organizer=session.user, starts_at=body.date, title=body.title
        ).id

    try:
        body = EventDuplicate.model_validate(
            {name: form.get(name, "").strip() or None for name in FIELDS}
        )
        operation = f"POST /manage/events/{event_id}/duplicate"
        made_id = made_once(session, services, operation, form, copy)
    except (ValidationError, Conflict, Invalid) as refusal:
        return _form(session, services, event, form, mistakes_in(refusal, FIELDS))
    return see(f"/manage/events/{made_id}")


def _back(event_id: EventIdInPath) -> Response:
    return see(f"/manage/events/{event_id}")


def _form(
    session: BrowserSession,
    services: Services,
    event: EventListing,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "manage_duplicate.html",
        session=session,
        mistakes=mistakes,
        event=event,
        values=opened_once(services, values),
    )
