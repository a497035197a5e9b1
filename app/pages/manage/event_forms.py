"""Forms of the console: what stands in them, and the API's bodies that are made of them."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.domain.listings import EventListing, TicketTypeListing
from app.schemas.events.events import EventChange, EventCreate
from app.schemas.events.ticket_types import TicketTypeChange, TicketTypeCreate

Form = Mapping[str, str]

EVENT_FIELDS: Final = ("title", "date", "location", "category", "description")
NEW_EVENT_FIELDS: Final = (*EVENT_FIELDS, "ticket_price", "capacity")
TYPE_FIELDS: Final = ("name", "ticket_price", "capacity")

_PRICE: Final = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,10})?", re.ASCII)
_WHOLE: Final = re.compile(r"[0-9]{1,10}", re.ASCII)


def event_in(form: Form) -> EventCreate:
    """The event a form describes.

    Raises:
        ValidationError: it breaks the rules that the API's bodies have.
    """
    return EventCreate(**_values(form, NEW_EVENT_FIELDS))


def event_change_in(form: Form, before: Form) -> EventChange:
    """What a form changes of what stood in it before.

    Raises:
        ValidationError: as for ``event_in``.
    """
    return EventChange(**_values(form, _changed(form, before, EVENT_FIELDS)))


def type_in(form: Form) -> TicketTypeCreate:
    """The ticket type a form describes.

    Raises:
        ValidationError: as for ``event_in``.
    """
    return TicketTypeCreate(**_values(form, TYPE_FIELDS))


def type_change_in(form: Form, before: Form) -> TicketTypeChange:
    """What a form changes of what stood in it before.

    Raises:
        ValidationError: as for ``event_in``.
    """
    return TicketTypeChange(**_values(form, _changed(form, before, TYPE_FIELDS)))


def form_of_event(event: EventListing) -> dict[str, str]:
    """What stands in the form of an event; its date in its own zone."""
    starts_at = event.starts_at.astimezone(ZoneInfo(event.time_zone))
    return {
        "title": event.title,
        "date": f"{starts_at:%Y-%m-%dT%H:%M}",
        "location": event.location,
        "category": event.category or "",
        "description": event.description or "",
    }


def form_of_type(ticket_type: TicketTypeListing) -> dict[str, str]:
    """What stands in the form of a ticket type."""
    price = Decimal(ticket_type.price_minor).scaleb(-2)
    return {
        "name": ticket_type.name,
        "ticket_price": f"{price:f}".removesuffix(".00"),
        "capacity": "" if ticket_type.capacity is None else str(ticket_type.capacity),
    }


def _changed(form: Form, before: Form, names: Iterable[str]) -> list[str]:
    return [name for name in names if form.get(name, "").strip() != before[name].strip()]


def _values(form: Form, names: Iterable[str]) -> dict[str, Any]:
    """The fields as JSON would have them; what is no number stays text, which is refused."""
    return {name: _value(name, form.get(name, "").strip()) for name in names}


def _value(name: str, text: str) -> str | int | Decimal | None:
    if not text:
        return None
    if name == "ticket_price" and _PRICE.fullmatch(text.replace(",", "")):
        return Decimal(text.replace(",", ""))
    if name == "capacity" and _WHOLE.fullmatch(text):
        return int(text)
    return text
