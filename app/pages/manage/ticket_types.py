"""The console's forms for a new ticket type, and for one there is."""

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, Invalid, TicketTypeNotFound
from app.domain.events.changes import TicketTypeChanges
from app.domain.ids import TicketTypeId
from app.domain.listings import EventListing, TicketTypeListing
from app.domain.permissions import Action
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, TicketTypeIdInPath
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.event_forms import TYPE_FIELDS, form_of_type, type_change_in, type_in
from app.pages.manage.shown_events import event_of
from app.pages.rendering import PageRouter, page, see
from app.routers.events.ticket_types import changed_values, new_ticket_type

router = PageRouter("/manage/events/{event_id}/ticket-types")


@router.get("")
def ask_for_type(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form for one more type."""
    return _form(session, event_of(event_id, session, services, Action.MANAGE_EVENT), {})


@router.post("")
def add_type(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Sell one more type."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    try:
        new = new_ticket_type(type_in(form))
        services.ticket_types.add(event_id=event_id, organizer=session.user, new=new)
    except (ValidationError, Conflict, Invalid) as refusal:
        return _form(session, event, form, mistakes_in(refusal, TYPE_FIELDS))
    return see(f"/manage/events/{event_id}")


@router.get("/{ticket_type_id}")
def ask_for_changes(
    event_id: EventIdInPath,
    ticket_type_id: TicketTypeIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
) -> HTMLResponse:
    """A form with the type as it is."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    ticket_type = _type(event, ticket_type_id)
    return _form(session, event, form_of_type(ticket_type), ticket_type=ticket_type)


@router.post("/{ticket_type_id}")
def change_type(
    event_id: EventIdInPath,
    ticket_type_id: TicketTypeIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Change what differs from the type as it is; orders placed before keep their price."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    ticket_type = _type(event, ticket_type_id)
    try:
        change = type_change_in(form, form_of_type(ticket_type))
        services.ticket_types.edit(
            event_id=event_id,
            ticket_type_id=ticket_type_id,
            organizer=session.user,
            changes=TicketTypeChanges(**changed_values(change)),
        )
    except (ValidationError, Conflict, Invalid) as refusal:
        mistakes = mistakes_in(refusal, TYPE_FIELDS)
        return _form(session, event, form, mistakes, ticket_type=ticket_type)
    return see(f"/manage/events/{event_id}")


def _type(event: EventListing, ticket_type_id: TicketTypeId) -> TicketTypeListing:
    for each in event.ticket_types:
        if each.id == ticket_type_id:
            return each
    raise TicketTypeNotFound(ticket_type_id)


def _form(
    session: BrowserSession,
    event: EventListing,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
    *,
    ticket_type: TicketTypeListing | None = None,
) -> HTMLResponse:
    return page(
        "manage_type_form.html",
        session=session,
        mistakes=mistakes,
        values=values,
        event=event,
        ticket_type=ticket_type,
    )
