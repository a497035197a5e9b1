"""What the form on an event's page does: it holds places for a guest and leads to the payment.

It works without a script. The form acts for no login, so it needs no token against
forged requests: a foreign site could send what anybody may send.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from pydantic import ValidationError

from app.domain.errors import (
    EmailNotConfirmed,
    EventNotFound,
    PromoCodeNotBegun,
    PromoCodeNotFound,
    PromoCodeUsedUp,
    QuantityNotAllowed,
    SoldOut,
    TicketingError,
    TicketTypeNotFound,
    TooManyGuesses,
    TooManyPromoCodes,
)
from app.domain.ids import MAX_ID, EventId, TicketTypeId
from app.domain.languages import marked
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.users.attempts import ClientAddress
from app.http.browsers.sessions import FormFields
from app.http.dependencies import Client, ServicesDep
from app.http.problems import status_of
from app.http.services import Services
from app.pages.events import event_page
from app.pages.orders import to_order, to_payment
from app.pages.rendering import page
from app.routers.payments.payments import returns_of
from app.schemas.base import RequestBody
from app.schemas.orders.orders import AccessCode
from app.schemas.people import Email, FullName
from app.services.users.guests import Guest
from app.texts.catalogue import language

router = APIRouter(include_in_schema=False)

MOST_OF_A_TYPE: Final = 50
QUANTITY: Final = re.compile(r"quantity-([1-9][0-9]{0,15})")

NOTICE: Final = "notice"
"""The name under which ``errors`` has what is about no field."""

SENTENCES: Final = {
    "name": marked("Enter your name, in at most 120 characters and without web addresses."),
    "email": marked("Enter an e-mail address that mail can be sent to."),
    "promo_code": marked("A promo code has at most 64 characters."),
    "access_code": marked("An access code has at most 64 characters."),
}
NO_NUMBER: Final = marked("Enter a whole number from 0 to {most}.").format(most=MOST_OF_A_TYPE)
NOTHING_CHOSEN: Final = marked("Choose at least one ticket.")
NOT_CONFIRMED: Final = marked(
    "Too many places are held for this address, and it is not confirmed yet. Pay for "
    "what is held, or choose fewer tickets."
)

Errors = dict[str, str]


class Contact(RequestBody):
    """The fields of the form that are texts."""

    name: FullName
    email: Email
    promo_code: AccessCode | None
    access_code: AccessCode | None


@router.post("/e/{event_id}/checkout")
def check_out(
    event_id: Annotated[EventId, Path(ge=1, le=MAX_ID)],
    request: Request,
    services: ServicesDep,
    form: FormFields,
    client: Client,
) -> Response:
    """On to Paystack, or to the order; back to the form if something is wrong with it."""
    errors: Errors = {}
    wanted = _wanted(event_id, form, client, errors)
    try:
        if wanted is None:
            return again(request, services, event_id, form, errors, client=client, status=422)
        guest, order_request = wanted
        token = services.checkouts.check_out(
            guest=guest, order_request=order_request, returns=returns_of(request)
        )
    except TicketingError as refusal:
        errors[_field_of(refusal, form)] = _sentence(refusal)
        status = status_of(type(refusal))
        return again(request, services, event_id, form, errors, client=client, status=status)
    pay_url = services.order_pages.look(token=token).pay_url
    return to_order(token) if pay_url is None else to_payment(pay_url)


def again(
    request: Request,
    services: Services,
    event_id: EventId,
    form: dict[str, str],
    errors: Errors,
    *,
    client: ClientAddress,
    status: int,
) -> Response:
    """The event's page, with what was typed and what is wrong with it."""
    code = form.get("access_code", "").strip()
    shown = None
    try:
        if code and "access_code" not in errors:
            shown = services.event_pages.unlocked(event_id, access_code=code, client=client)
        shown = shown or services.event_pages.show(event_id)
    except EventNotFound:
        return page("no_event.html", status=404)
    except TooManyGuesses as refusal:
        shown = services.event_pages.show(event_id)
        errors = {**errors, "access_code": refusal.detail}
    return event_page(shown, request, form=form, errors=errors, status=status)


def _wanted(
    event_id: EventId, form: Mapping[str, str], client: ClientAddress, errors: Errors
) -> tuple[Guest, OrderRequest] | None:
    """What the form asks for; ``None``: ``errors`` says, field by field, what is wrong."""
    contact = _contact(form, errors)
    items = _items(form, errors)
    if not items and not any(QUANTITY.fullmatch(name) for name in errors):
        errors[NOTICE] = NOTHING_CHOSEN
    if contact is None or errors:
        return None
    return Guest(name=contact.name, email=contact.email, language=language()), OrderRequest(
        event_id=event_id,
        items=items,
        access_code=contact.access_code,
        promo_code=contact.promo_code,
        client=client,
    )


def _contact(form: Mapping[str, str], errors: Errors) -> Contact | None:
    try:
        return Contact(
            name=form.get("name", ""),
            email=form.get("email", ""),
            promo_code=form.get("promo_code", "").strip() or None,
            access_code=form.get("access_code", "").strip() or None,
        )
    except ValidationError as error:
        names = {str(mistake["loc"][0]) for mistake in error.errors()}
        errors.update({name: SENTENCES[name] for name in names})
        return None


def _items(form: Mapping[str, str], errors: Errors) -> list[RequestedItem]:
    items = []
    for name, text in form.items():
        found = QUANTITY.fullmatch(name)
        if found is None or not text.strip():
            continue
        quantity = _number(text.strip())
        if quantity is None:
            errors[name] = NO_NUMBER
        elif quantity:
            type_id = TicketTypeId(int(found[1]))
            items.append(RequestedItem(ticket_type_id=type_id, quantity=quantity))
    return items


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_OF_A_TYPE))
    return int(text) if is_number and int(text) <= MOST_OF_A_TYPE else None


def _field_of(refusal: TicketingError, form: Mapping[str, str]) -> str:
    """The field a refusal is about."""
    match refusal:
        case PromoCodeNotFound() | PromoCodeNotBegun() | PromoCodeUsedUp() | TooManyPromoCodes():
            return "promo_code"
        case TooManyGuesses():
            return "access_code"
        case TicketTypeNotFound() if form.get("access_code", "").strip():
            return "access_code"
        case SoldOut() | QuantityNotAllowed() if "ticket_type_id" in refusal.facts:
            return f"quantity-{refusal.facts['ticket_type_id']}"
    return NOTICE


def _sentence(refusal: TicketingError) -> str:
    return NOT_CONFIRMED if isinstance(refusal, EmailNotConfirmed) else refusal.detail
