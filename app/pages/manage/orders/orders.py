"""One order in the console: what belongs to it, refunds, and its mail once more."""

from collections.abc import Mapping
from typing import Final

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, Invalid, RefundNotFound, TicketingError, TooMany
from app.domain.ids import EventId, OrderId
from app.domain.money import Money
from app.domain.permissions import Action
from app.domain.states import OrderStatus, TicketStatus
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, OrderIdInPath, RefundIdInPath
from app.http.problems import status_of
from app.http.services import Services
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.sent_once import opened_once
from app.pages.manage.shown_events import local_times
from app.pages.rendering import PageRouter, page, see
from app.schemas.payments.refunds import RefundClosing, RefundRequest
from app.texts.catalogue import _

router = PageRouter("/manage/events/{event_id}/orders/{order_id}")

OF_OTHER_FORMS: Final = frozenset({"text", "amount", "reason"})
"""Fields that are not of the corrections of names and of the address."""

NOTHING_CHOSEN = "Choose at least one ticket."


@router.get("")
def show_order(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
) -> HTMLResponse:
    """The order with its buyer, tickets, payments, refunds, mails and history."""
    return show(event_id, order_id, session, services)


@router.post("/refund")
def refund(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Refund the tickets that were chosen."""
    order = services.event_orders.show(
        event_id=event_id, organizer=session.user, order_id=order_id
    ).detail
    chosen = [ticket.id for ticket in order.tickets if f"ticket-{ticket.id}" in form]
    if not chosen:
        return show(event_id, order_id, session, services, mistake=NOTHING_CHOSEN, status=422)
    try:
        wanted = RefundRequest(reason=form.get("reason", "").strip() or None)
        services.refund_requests.request_refund(
            order_id=order_id, caller=session.user, ticket_ids=chosen, reason=wanted.reason
        )
    except ValidationError as error:
        rule = mistakes_in(error, ("reason",)).by_field["reason"]
        mistake = _("Reason: %(rule)s", rule=rule)
        return show(event_id, order_id, session, services, mistake=mistake, status=422)
    except (Conflict, Invalid) as refusal:
        return _refused(event_id, order_id, session, services, refusal)
    return see(f"/manage/events/{event_id}/orders/{order_id}")


@router.post("/refunds/{refund_id}/done")
def mark_refund_done(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    refund_id: RefundIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Say that the money of a refund was handed back."""
    found = services.event_orders.show(
        event_id=event_id, organizer=session.user, order_id=order_id
    ).detail
    if refund_id not in {each.refund.id for each in found.refunds}:
        raise RefundNotFound(refund_id)
    try:
        closing = RefundClosing(note=form.get("note", ""))
        services.refund_desk.mark_done(caller=session.user, refund_id=refund_id, note=closing.note)
    except ValidationError as error:
        rule = mistakes_in(error, ("note",)).by_field["note"]
        mistake = _("Note: %(rule)s", rule=rule)
        return show(event_id, order_id, session, services, mistake=mistake, status=422)
    except Conflict as refusal:
        return _refused(event_id, order_id, session, services, refusal)
    return see(f"/manage/events/{event_id}/orders/{order_id}")


@router.post("/mail")
def send_again(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
) -> Response:
    """Mail the tickets to the buyer once more."""
    services.event_orders.show(event_id=event_id, organizer=session.user, order_id=order_id)
    try:
        services.messages.send_tickets_again(caller=session.user, order_id=order_id)
    except (Conflict, Invalid, TooMany) as refusal:
        return _refused(event_id, order_id, session, services, refusal)
    return see(f"/manage/events/{event_id}/orders/{order_id}")


def _refused(
    event_id: EventId,
    order_id: OrderId,
    session: BrowserSession,
    services: Services,
    refusal: TicketingError,
) -> HTMLResponse:
    status = status_of(type(refusal))
    return show(event_id, order_id, session, services, mistake=refusal.detail, status=status)


def show(
    event_id: EventId,
    order_id: OrderId,
    session: BrowserSession,
    services: Services,
    *,
    mistake: str | None = None,
    values: Mapping[str, str] | None = None,
    mistakes: Mistakes = NO_MISTAKES,
    status: int | None = None,
) -> HTMLResponse:
    """The order's page.

    Args:
        event_id: the event.
        order_id: an order of it.
        session: who looks at it.
        services: the services.
        mistake: what is wrong as a whole.
        values: what was typed into a form of the page that was refused.
        mistakes: what is wrong with its fields.
        status: of the answer; ``None``: that of the mistakes.
    """
    found = services.event_orders.show(event_id=event_id, organizer=session.user, order_id=order_id)
    notes = services.event_orders.notes(
        event_id=event_id, organizer=session.user, order_id=order_id
    )
    desk = services.managed_events.show(event_id=event_id, organizer=session.user)
    event = desk.shown.event
    order = found.detail.order
    is_paid, may_refund = order.status == OrderStatus.PAID, desk.rights.may(Action.REFUND)
    return page(
        "manage_order.html",
        status=status,
        session=session,
        mistakes=mistakes,
        event=event,
        found=found,
        order=order,
        buyer=order.buyer_name or found.buyer.full_name or found.buyer.username,
        items=[(each, Money(each.unit_price_minor, order.currency)) for each in order.items],
        types={each.id: each.name for each in event.ticket_types},
        refundable=[t for t in found.detail.tickets if t.status == TicketStatus.VALID],
        is_paid=is_paid,
        is_to_correct=not OF_OTHER_FORMS.issuperset(mistakes.by_field),
        may_refund=may_refund,
        may_refund_money=may_refund and is_paid and not found.left.is_free,
        may_correct=desk.rights.may(Action.HELP_HOLDERS),
        is_mistyped=found.buyer.is_guest and not found.buyer.email_confirmed,
        local=local_times(event),
        mistake=mistake,
        notes=notes,
        values=opened_once(services, values or {}),
    )
