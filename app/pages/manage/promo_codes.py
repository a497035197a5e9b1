"""The console's promo codes: what each is good for and how often it was used; making and stopping.

Codes with orders stay in the list, so that orders can be told by them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import Conflict, Invalid, PromoCodeHasOrders, PromoCodeNotFound
from app.domain.events.changes import PromoCodeChanges
from app.domain.ids import EventId, PromoCodeId
from app.domain.listings import EventListing
from app.domain.money import Money
from app.domain.permissions import Action
from app.domain.states import DiscountKind
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, PromoCodeIdInPath
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.pages.forms import NO_MISTAKES, Mistakes, mistakes_in
from app.pages.manage.event_forms import (
    Form,
    local_minute,
    number,
    price,
    price_or_text,
    whole_or_text,
)
from app.pages.manage.shown_events import event_of, local_times
from app.pages.rendering import PageRouter, page, see
from app.routers.events.promo_codes import new_promo_code
from app.routers.events.ticket_types import changed_values
from app.schemas.events.promo_codes import PromoCodeChange, PromoCodeCreate

router = PageRouter("/manage/events/{event_id}/promo-codes")

CHANGEABLE: Final = ("code", "value", "max_uses", "valid_from", "valid_until")
FIELDS: Final = ("kind", *CHANGEABLE)
HAS_ORDERS: Final = (
    "Orders were placed with this code, so it cannot be deleted. Stop it instead: no new order "
    "can use it then."
)


@router.get("")
def list_codes(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """All codes of the event with their uses so far."""
    return _list(event_id, session, services)


@router.get("/new")
def ask_for_code(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """A form for one more code."""
    return _form(session, event_of(event_id, session, services, Action.MANAGE_EVENT), {})


@router.post("/new")
def create_code(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Make one more code."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    try:
        body = PromoCodeCreate(**_values(form, FIELDS), ticket_type_ids=_types_in(form, event))
        services.promo_codes.create(
            event_id=event_id, organizer=session.user, new=new_promo_code(body)
        )
    except (ValidationError, Conflict, Invalid) as refusal:
        return _form(session, event, form, mistakes_in(refusal, FIELDS))
    return see(_address(event_id))


@router.get("/{promo_code_id}")
def ask_for_changes(
    event_id: EventIdInPath,
    promo_code_id: PromoCodeIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
) -> HTMLResponse:
    """A form with the code as it is."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    code = _code(event_id, promo_code_id, session, services)
    return _form(session, event, _form_of(code, event), code=code)


@router.post("/{promo_code_id}")
def change_code(
    event_id: EventIdInPath,
    promo_code_id: PromoCodeIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Change what differs from the code as it is; orders placed before keep their discount."""
    event = event_of(event_id, session, services, Action.MANAGE_EVENT)
    code = _code(event_id, promo_code_id, session, services)
    try:
        services.promo_codes.edit(
            event_id=event_id,
            promo_code_id=promo_code_id,
            organizer=session.user,
            changes=PromoCodeChanges(**changed_values(_change_in(form, code, event))),
        )
    except (ValidationError, Conflict, Invalid) as refusal:
        return _form(session, event, form, mistakes_in(refusal, FIELDS), code=code)
    return see(_address(event_id))


@router.post("/{promo_code_id}/stop")
def stop_code(
    event_id: EventIdInPath,
    promo_code_id: PromoCodeIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Stop the code, or let it go on."""
    services.promo_codes.edit(
        event_id=event_id,
        promo_code_id=promo_code_id,
        organizer=session.user,
        changes=PromoCodeChanges(is_stopped=form.get("stopped") != "no"),
    )
    return see(_address(event_id))


@router.post("/{promo_code_id}/delete")
def delete_code(
    event_id: EventIdInPath,
    promo_code_id: PromoCodeIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
) -> Response:
    """Delete a code that no order was placed with."""
    try:
        services.promo_codes.delete(
            event_id=event_id, promo_code_id=promo_code_id, organizer=session.user
        )
    except PromoCodeHasOrders:
        return _list(event_id, session, services, mistake=HAS_ORDERS, status=409)
    return see(_address(event_id))


def _address(event_id: EventId) -> str:
    return f"/manage/events/{event_id}/promo-codes"


def _codes(event_id: EventId, session: BrowserSession, services: Services) -> Sequence[PromoCode]:
    return services.promo_codes.all_of(event_id=event_id, organizer=session.user)


def _code(
    event_id: EventId, promo_code_id: PromoCodeId, session: BrowserSession, services: Services
) -> PromoCode:
    for each in _codes(event_id, session, services):
        if each.id == promo_code_id:
            return each
    raise PromoCodeNotFound(promo_code_id)


def _change_in(form: Form, code: PromoCode, event: EventListing) -> PromoCodeChange:
    before = _form_of(code, event)
    differ = [name for name in CHANGEABLE if form.get(name, "").strip() != before[name]]
    values = _values(form, differ)
    types = _types_in(form, event)
    if types != _types_in(before, event):
        values["ticket_type_ids"] = types
    return PromoCodeChange(**values)


def _values(form: Form, names: Sequence[str]) -> dict[str, Any]:
    """The fields as JSON would have them; what is no number stays text, which is refused."""
    read: Mapping[str, Any] = {"value": price_or_text, "max_uses": whole_or_text}
    texts = {name: form.get(name, "").strip() for name in names}
    return {
        name: read[name](text) if name in read else text or None for name, text in texts.items()
    }


def _types_in(form: Form, event: EventListing) -> list[int]:
    """The ticket types that were chosen; none: the code is good for all."""
    return [each.id for each in event.ticket_types if f"type-{each.id}" in form]


def _form_of(code: PromoCode, event: EventListing) -> dict[str, str]:
    """What stands in the form of a code; its moments in the event's zone."""
    zone = ZoneInfo(event.time_zone)
    return {
        "code": code.code,
        "kind": code.kind,
        "value": price(code.value) if code.kind == DiscountKind.FIXED else number(code.value),
        "max_uses": number(code.max_uses),
        "valid_from": local_minute(code.valid_from, zone),
        "valid_until": local_minute(code.valid_until, zone),
        **{f"type-{type_id}": "on" for type_id in code.ticket_type_ids},
    }


def _list(
    event_id: EventId,
    session: BrowserSession,
    services: Services,
    *,
    mistake: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    desk = services.managed_events.show(event_id=event_id, organizer=session.user)
    event = desk.shown.event
    codes = _codes(event_id, session, services)
    return page(
        "manage_promo_codes.html",
        status=status,
        session=session,
        event=event,
        may_manage=desk.rights.may(Action.MANAGE_EVENT),
        codes=codes,
        off={
            each.id: Money(each.value, event.currency)
            for each in codes
            if each.kind == DiscountKind.FIXED
        },
        types={each.id: each.name for each in event.ticket_types},
        local=local_times(event),
        mistake=mistake,
    )


def _form(
    session: BrowserSession,
    event: EventListing,
    values: Mapping[str, str],
    mistakes: Mistakes = NO_MISTAKES,
    *,
    code: PromoCode | None = None,
) -> HTMLResponse:
    return page(
        "manage_promo_code.html",
        session=session,
        mistakes=mistakes,
        event=event,
        values=values,
        code=code,
    )
