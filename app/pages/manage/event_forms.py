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

EVENT_FIELDS: Final = (
    *("title", "date", "ends_at", "location", "category", "description"),
    *("refund_hours", "max_per_buyer"),
)
NEW_EVENT_FIELDS: Final = (*EVENT_FIELDS, "ticket_price", "capacity")
TYPE_FIELDS: Final = ("name", "ticket_price", "capacity")

WHOLE_FIELDS: Final = ("capacity", "refund_hours", "max_per_buyer")

_PRICE: Final = re.compile(
    r"(?:[0-9]{1,10}|[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,3}(?: [0-9]{3}){1,3})(?:\.[0-9]{1,2})?",
    re.ASCII,
)
"""A price that can be read in one way only: ``75,50`` and ``75.000`` mean different amounts to
different people."""

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
    zone = ZoneInfo(event.time_zone)
    return {
        "title": event.title,
        "date": f"{event.starts_at.astimezone(zone):%Y-%m-%dT%H:%M}",
        "ends_at": f"{event.ends_at.astimezone(zone):%Y-%m-%dT%H:%M}" if event.ends_at else "",
        "location": event.location,
        "category": event.category or "",
        "description": event.description or "",
        "refund_hours": _number(event.refund_hours),
        "max_per_buyer": _number(event.max_per_buyer),
    }


def form_of_type(ticket_type: TicketTypeListing) -> dict[str, str]:
    """What stands in the form of a ticket type."""
    price = Decimal(ticket_type.price_minor).scaleb(-2)
    return {
        "name": ticket_type.name,
        "ticket_price": f"{price:f}".removesuffix(".00"),
        "capacity": _number(ticket_type.capacity),
    }


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _changed(form: Form, before: Form, names: Iterable[str]) -> list[str]:
    return [name for name in names if form.get(name, "").strip() != before[name].strip()]


def _values(form: Form, names: Iterable[str]) -> dict[str, Any]:
    """The fields as JSON would have them; what is no number stays text, which is refused."""
    return {name: _value(name, form.get(name, "").strip()) for name in names}


def _value(name: str, text: str) -> str | int | Decimal | None:
    if not text:
        return None
    if name == "ticket_price" and _PRICE.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    if name in WHOLE_FIELDS and _WHOLE.fullmatch(text):
        return int(text)
    return text
