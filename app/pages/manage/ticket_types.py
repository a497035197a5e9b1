"""The console's forms for a new ticket type, and for one there is."""

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, Invalid, TicketTypeNotFound
from app.domain.events.changes import TicketTypeChanges
from app.domain.ids import TicketTypeId
from app.domain.listings import EventListing, TicketTypeListing
from app.domain.permissions import Action
from app.http.browsers.sessions import (
    BrowserSession,
    FormFields,
    PageRoute,
    SendingBrowser,
    SignedInBrowser,
)
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, TicketTypeIdInPath
from app.http.problems import status_of
from app.pages.forms import mistakes_in
from app.pages.manage.event_forms import TYPE_FIELDS, form_of_type, type_change_in, type_in
from app.pages.rendering import page
from app.pages.users.signing_in import see
from app.routers.events.ticket_types import changed_values, new_ticket_type

router = APIRouter(
    prefix="/manage/events/{event_id}/ticket-types",
    include_in_schema=False,
    route_class=PageRoute,
)


@router.get("")
def ask_for_type(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form for one more type."""
    return _form(session, _event(event_id, session, services), {})


@router.post("")
def add_type(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Sell one more type."""
    event = _event(event_id, session, services)
    try:
        new = new_ticket_type(type_in(form))
        services.ticket_types.add(event_id=event_id, organizer=session.user, new=new)
    except ValidationError as error:
        return _form(session, event, form, mistakes_in(error, TYPE_FIELDS), status=422)
    except (Conflict, Invalid) as refusal:
        mistakes = mistakes_in(refusal, TYPE_FIELDS)
        return _form(session, event, form, mistakes, status=status_of(type(refusal)))
    return see(f"/manage/events/{event_id}")


@router.get("/{ticket_type_id}")
def ask_for_changes(
    event_id: EventIdInPath,
    ticket_type_id: TicketTypeIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
) -> HTMLResponse:
    """A form with the type as it is."""
    event = _event(event_id, session, services)
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
    event = _event(event_id, session, services)
    ticket_type = _type(event, ticket_type_id)
    try:
        change = type_change_in(form, form_of_type(ticket_type))
        services.ticket_types.edit(
            event_id=event_id,
            ticket_type_id=ticket_type_id,
            organizer=session.user,
            changes=TicketTypeChanges(**changed_values(change)),
        )
    except ValidationError as error:
        mistakes = mistakes_in(error, TYPE_FIELDS)
        return _form(session, event, form, mistakes, status=422, ticket_type=ticket_type)
    except (Conflict, Invalid) as refusal:
        mistakes, status = mistakes_in(refusal, TYPE_FIELDS), status_of(type(refusal))
        return _form(session, event, form, mistakes, status=status, ticket_type=ticket_type)
    return see(f"/manage/events/{event_id}")


def _event(event_id: EventIdInPath, session: BrowserSession, services: ServicesDep) -> EventListing:
    desk = services.managed_events.show(
        event_id=event_id, organizer=session.user, action=Action.MANAGE_EVENT
    )
    return desk.shown.event


def _type(event: EventListing, ticket_type_id: TicketTypeId) -> TicketTypeListing:
    for each in event.ticket_types:
        if each.id == ticket_type_id:
            return each
    raise TicketTypeNotFound(ticket_type_id)


def _form(
    session: BrowserSession,
    event: EventListing,
    values: dict[str, str],
    mistakes: dict[str, str] | None = None,
    *,
    status: int = 200,
    ticket_type: TicketTypeListing | None = None,
) -> HTMLResponse:
    return page(
        "manage_type_form.html",
        status=status,
        has_form=True,
        session=session,
        values=values,
        mistakes=mistakes or {},
        event=event,
        ticket_type=ticket_type,
    )
