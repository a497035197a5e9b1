"""Corrections of an order in the console: names on tickets, and a guest's address."""

from fastapi import Response
from pydantic import ValidationError

from app.domain.errors import Conflict, Forbidden, Invalid, TooMany
from app.http.browsers.sessions import FormFields, SendingBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, OrderIdInPath, TicketIdInPath
from app.pages.forms import mistake_at
from app.pages.manage.orders.orders import show
from app.pages.rendering import PageRouter, see
from app.schemas.orders.corrections import AttendeeCorrection, BuyerCorrection

router = PageRouter("/manage/events/{event_id}/orders/{order_id}")


@router.post("/buyer")
def correct_address(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Send the tickets to the address as it should have been typed."""
    try:
        wanted = BuyerCorrection(email=form.get("email", ""))
        services.corrections.move_to_address(
            event_id=event_id, organizer=session.user, order_id=order_id, email=wanted.email
        )
    except (ValidationError, Conflict, Forbidden, Invalid, TooMany) as refusal:
        mistakes = mistake_at("email", refusal)
        return show(event_id, order_id, session, services, values=form, mistakes=mistakes)
    return see(f"/manage/events/{event_id}/orders/{order_id}")


@router.post("/tickets/{ticket_id}")
def correct_name(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    ticket_id: TicketIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Put another name on a ticket."""
    field = f"name-{ticket_id}"
    try:
        wanted = AttendeeCorrection(attendee_name=form.get(field, "").strip() or None)
        services.corrections.rename_attendee(
            event_id=event_id,
            organizer=session.user,
            order_id=order_id,
            ticket_id=ticket_id,
            name=wanted.attendee_name,
        )
    except (ValidationError, Conflict) as refusal:
        mistakes = mistake_at(field, refusal)
        return show(event_id, order_id, session, services, values=form, mistakes=mistakes)
    return see(f"/manage/events/{event_id}/orders/{order_id}")
