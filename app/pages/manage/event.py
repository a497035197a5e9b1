"""One event in the console: how it sells, and the forms that change or cancel it."""

import re
from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, EventHasOrders, Invalid, PreconditionFailed
from app.domain.events.changes import EventChanges
from app.domain.events.versions import IfMatch, etag_of
from app.domain.languages import marked
from app.domain.listings import EventListing
from app.domain.money import Money
from app.domain.orders.orders import OrderFilter
from app.domain.paging import NEWEST_FIRST
from app.domain.permissions import Action
from app.http.browsers.lists import CursorInQuery, place_behind
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep, public_url
from app.http.path_ids import EventIdInPath
from app.pages.events import event_path
from app.pages.forms import NO_MISTAKES, WHOLE, Mistakes, mistake_at, mistakes_in
from app.pages.manage.event_forms import (
    CURRENCIES,
    EVENT_FIELDS,
    ZONES,
    beside_days,
    event_change_in,
    form_of_event,
)
from app.pages.manage.shown_events import event_of
from app.pages.rendering import PageRouter, page, see
from app.routers.events.ticket_types import changed_values

router = PageRouter("/manage/events/{event_id}")

ORDERS_ON_A_PAGE: Final = 20

_VERSION: Final = re.compile(r"[0-9]{1,9}", re.ASCII)

CHANGED_MEANWHILE: Final = marked(
    "The event was changed since you opened this form, and nothing of yours is saved yet. Look at "
    "the event in another window, then save again what shall be as it stands here."
)


@router.get("")
def show_event(
    event_id: EventIdInPath,
    request: Request,
    session: SignedInBrowser,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=100)] = "",
    cursor: CursorInQuery = None,
) -> HTMLResponse:
    """What was sold of each type, the way to share it, and the latest orders, or those found."""
    desk = services.managed_events.show(event_id=event_id, organizer=session.user)
    orders = None
    if desk.rights.may(Action.SEE_ORDERS):
        orders = services.event_orders.page(
            event_id=event_id,
            organizer=session.user,
            which=OrderFilter(words=q.replace("\x00", "").strip() or None),
            after=place_behind(cursor, NEWEST_FIRST),
            limit=ORDERS_ON_A_PAGE,
        )
    door = None
    if desk.rights.may(Action.SEE_ATTENDEES):
        door = services.attendees.counts(event_id=event_id, actor=session.user.actor)
    event = desk.shown.event
    return page(
        "manage_event.html",
        is_live=door is not None and not event.is_draft,
        session=session,
        desk=desk,
        event=event,
        prices={each.id: Money(each.price_minor, event.currency) for each in event.ticket_types},
        orders=orders,
        door=door,
        q=q,
        url=public_url(request) + event_path(event, with_root=False),
        path=event_path(event),
    )


@router.get("/edit")
def ask_for_changes(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form with the event as it is."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    return _form(session, event, form_of_event(event))


@router.post("/edit")
def change_event(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Change what differs from the event as it is."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    try:
        change = event_change_in(form, form_of_event(event))
        services.events.edit(
            event_id=event_id,
            organizer=session.user,
            changes=EventChanges(**changed_values(change)),
            if_match=_as_read(form),
        )
    except PreconditionFailed as refusal:
        latest = form | {"version": str(event.version)}
        return _form(session, event, latest, mistake_at(WHOLE, refusal, CHANGED_MEANWHILE))
    except EventHasOrders as refusal:  # which only a change of the currency meets
        return _form(session, event, form, mistake_at("currency", refusal))
    except (ValidationError, Conflict, Invalid) as refusal:
        mistakes = beside_days(mistakes_in(refusal, EVENT_FIELDS), form)
        return _form(session, event, form, mistakes)
    return see(f"/manage/events/{event_id}")


@router.get("/cancel")
def ask_to_cancel(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """What cancelling means, before anything is done."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    found = services.events.cancel(event_id=event_id, organizer=session.user, dry_run=True)
    return page(
        "manage_cancel.html",
        session=session,
        event=event,
        found=found,
        to_refund=Money(found.minor_to_refund, found.currency),
        refunded=Money(found.minor_refunded, found.currency),
    )


@router.post("/cancel")
def cancel_event(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep
) -> Response:
    """End sales, and have everybody's money sent back."""
    services.events.cancel(event_id=event_id, organizer=session.user, dry_run=False)
    return see(f"/manage/events/{event_id}/cancel")


def _as_read(form: dict[str, str]) -> IfMatch | None:
    """The version that stood in the form; an old form has none."""
    version = form.get("version", "").strip()
    return IfMatch(frozenset({etag_of(int(version))})) if _VERSION.fullmatch(version) else None


def _form(
    session: BrowserSession,
    event: EventListing,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    return page(
        "manage_event_form.html",
        session=session,
        mistakes=mistakes,
        values=values,
        event=event,
        zones=ZONES,
        currencies=CURRENCIES,
    )
