"""Forms of the console: what stands in them, and the API's bodies that are made of them."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.domain.listings import EventListing, TicketTypeListing
from app.domain.money import MINIMUM_CHARGE_MINOR
from app.schemas.events.events import EventChange, EventCreate
from app.schemas.events.ticket_types import TicketTypeChange, TicketTypeCreate

Form = Mapping[str, str]

EVENT_FIELDS: Final = (
    *("title", "date", "ends_at", "location", "category", "description"),
    *("refund_hours", "max_per_buyer", "time_zone", "currency"),
)
MOMENTS: Final = ("date", "ends_at")
"""Told in the event's zone: in another zone they are other moments."""
NEW_EVENT_FIELDS: Final = (*EVENT_FIELDS, "ticket_price", "capacity", "organization_id")
TYPE_FIELDS: Final = ("name", "ticket_price", "capacity")

ZONES: Final = (
    *("Africa/Abidjan", "Africa/Accra", "Africa/Cairo", "Africa/Dakar", "Africa/Johannesburg"),
    *("Africa/Kigali", "Africa/Lagos", "Africa/Nairobi", "Europe/London", "Europe/Paris"),
    *("America/New_York", "Asia/Dubai", "UTC"),
)
"""Those the form proposes; it takes others, too."""

CURRENCIES: Final = tuple((code, code) for code in MINIMUM_CHARGE_MINOR)

WHOLE_FIELDS: Final = ("capacity", "refund_hours", "max_per_buyer", "organization_id")

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
    return EventCreate(**_values(form, NEW_EVENT_FIELDS), draft=bool(form.get("draft")))


def event_change_in(form: Form, before: Form) -> EventChange:
    """What a form changes of what stood in it before.

    Raises:
        ValidationError: as for ``event_in``.
    """
    whole = {name: before[name] for name in ("time_zone", "currency")} | dict(form)
    changed = _changed(whole, before, EVENT_FIELDS)
    if "time_zone" in changed:
        changed += [name for name in MOMENTS if name not in changed]
    return EventChange(**_values(whole, changed))


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
        "date": local_minute(event.starts_at, zone),
        "ends_at": local_minute(event.ends_at, zone),
        "location": event.location,
        "category": event.category or "",
        "description": event.description or "",
        "refund_hours": number(event.refund_hours),
        "max_per_buyer": number(event.max_per_buyer),
        "time_zone": event.time_zone,
        "currency": event.currency,
        "version": str(event.version),
    }


def form_of_type(ticket_type: TicketTypeListing) -> dict[str, str]:
    """What stands in the form of a ticket type."""
    return {
        "name": ticket_type.name,
        "ticket_price": price(ticket_type.price_minor),
        "capacity": number(ticket_type.capacity),
    }


def local_minute(moment: datetime | None, zone: ZoneInfo) -> str:
    """As fields for a date and a time take it."""
    return f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}" if moment else ""


def price(minor: int) -> str:
    """Minor units as a field for a price has them."""
    return f"{Decimal(minor).scaleb(-2):f}".removesuffix(".00")


def number(value: int | None) -> str:
    """As a field for a whole number has it."""
    return "" if value is None else str(value)


def _changed(form: Form, before: Form, names: Iterable[str]) -> list[str]:
    return [name for name in names if form.get(name, "").strip() != before[name].strip()]


def _values(form: Form, names: Iterable[str]) -> dict[str, Any]:
    """The fields as JSON would have them; what is no number stays text, which is refused."""
    return {name: _value(name, form.get(name, "").strip()) for name in names}


def _value(name: str, text: str) -> str | int | Decimal | None:
    if name == "ticket_price":
        return price_or_text(text)
    if name in WHOLE_FIELDS:
        return whole_or_text(text)
    return text or None


def price_or_text(text: str) -> Decimal | str | None:
    """The amount as JSON would have it; what is none stays text, ``None``: nothing was written."""
    if _PRICE.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    return text or None


def whole_or_text(text: str) -> int | str | None:
    """The whole number, as ``price_or_text``."""
    return int(text) if _WHOLE.fullmatch(text) else text or None
