"""New orders in the console: tickets given away, or sold for cash."""

import re
from typing import Any, Final

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, Forbidden, Invalid
from app.domain.ids import OrderId
from app.domain.money import Money
from app.domain.permissions import Action
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.services import Services
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.sent_once import made_once, opened_once
from app.pages.rendering import PageRouter, page, see
from app.schemas.orders.desk import DeskOrderCreate
from app.services.organizers.managed_events import EventDesk

router = PageRouter("/manage/events/{event_id}/desk")

FIELDS: Final = ("kind", "name", "email", "reason", "items")
_WHOLE: Final = re.compile(r"[0-9]{1,4}", re.ASCII)

NOTHING_CHOSEN: Final = "Choose at least one ticket."


@router.get("")
def ask_for_order(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form for a new order."""
    desk = _to_sell(event_id, session, services)
    return _form(session, services, desk, {"kind": "complimentary", "send_mail": "on"})


@router.post("")
def place_order(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Issue the tickets; a form that is sent twice leads to the order of the first time."""
    desk = _to_sell(event_id, session, services)
    order = _order_in(form, desk)
    if not order["items"]:
        return _form(session, services, desk, form, Mistakes({"items": NOTHING_CHOSEN}, 422))

    def sell() -> OrderId:
        sold = services.desk.sell(event_id=event_id, seller=session.user, sale=wanted.sale())
        return sold.order.id

    try:
        wanted = DeskOrderCreate.model_validate(order)
        operation = f"POST /manage/events/{event_id}/desk"
        order_id = made_once(session, services, operation, form, sell)
    except (ValidationError, Conflict, Forbidden, Invalid) as refusal:
        return _form(session, services, desk, form, mistakes_in(refusal, FIELDS))
    return see(f"/manage/events/{event_id}/orders/{order_id}")


def _to_sell(event_id: EventIdInPath, session: BrowserSession, services: Services) -> EventDesk:
    return services.managed_events.show(
        event_id=event_id, organizer=session.user, action=Action.SELL_AT_DESK
    )


def _order_in(form: dict[str, str], desk: EventDesk) -> dict[str, Any]:
    """What the form asks for, as the API takes it."""
    quantities = {
        each.id: _quantity(form.get(f"quantity-{each.id}", ""))
        for each in desk.shown.event.ticket_types
    }
    return {
        "kind": form.get("kind", ""),
        "name": form.get("name", ""),
        "email": form.get("email", ""),
        "items": [
            {"ticket_type_id": type_id, "quantity": quantity}
            for type_id, quantity in quantities.items()
            if quantity != 0
        ],
        "reason": form.get("reason", "").strip() or None,
        "send_mail": "send_mail" in form,
    }


def _quantity(typed: str) -> int | str:
    """The number that was typed; what is none stays as it is, and is refused as such."""
    typed = typed.strip() or "0"
    return int(typed) if _WHOLE.fullmatch(typed) else typed


def _form(
    session: BrowserSession,
    services: Services,
    desk: EventDesk,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    event = desk.shown.event
    return page(
        "manage_desk.html",
        session=session,
        mistakes=mistakes,
        event=event,
        prices={each.id: Money(each.price_minor, event.currency) for each in event.ticket_types},
        may_take_cash=desk.rights.may(Action.SEE_MONEY),
        values=opened_once(services, values),
    )
