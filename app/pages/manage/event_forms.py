"""Forms of the console: what stands in them, and the API's bodies that are made of them."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.domain.listings import EventListing, TicketTypeListing
from app.domain.money import MINIMUM_CHARGE_MINOR
from app.pages.forms import Mistakes
from app.schemas.events.events import EventChange, EventCreate
from app.schemas.events.ticket_types import TicketTypeChange, TicketTypeCreate

Form = Mapping[str, str]

EVENT_FIELDS: Final = (
    *("title", "all_day", "date", "ends_at", "location", "category", "description"),
    *("refund_hours", "max_per_buyer", "time_zone", "currency"),
)
MOMENTS: Final = ("date", "ends_at")
"""Told in the event's zone: in another zone they are other moments."""
DAYS: Final = ("first_day", "last_day")
"""Stand in the form for both moments if the event lasts whole days; the last day is one of them."""
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
    return EventCreate(
        **_values(_in_moments(form), NEW_EVENT_FIELDS), draft=bool(form.get("draft"))
    )


def event_change_in(form: Form, before: Form) -> EventChange:
    """What a form changes of what stood in it before.

    Raises:
        ValidationError: as for ``event_in``.
    """
    whole = {name: before[name] for name in ("time_zone", "currency")} | _in_moments(form)
    changed = _changed(whole, _in_moments(before), EVENT_FIELDS)
    if "time_zone" in changed or "all_day" in changed:
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
    zone, when = ZoneInfo(event.time_zone), event.when
    return {
        "title": event.title,
        "all_day": "yes" if event.all_day else "",
        "first_day": str(when.first_day),
        "last_day": str(when.last_day) if event.all_day or when.days > 1 else "",
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


def beside_days(mistakes: Mistakes, form: Form) -> Mistakes:
    """What is wrong with the moments, beside the fields they were made of."""
    if not form.get("all_day"):
        return mistakes
    instead = dict(zip(MOMENTS, DAYS, strict=True))
    moved = {instead.get(name, name): rule for name, rule in mistakes.by_field.items()}
    return Mistakes(moved, mistakes.status)


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


def _in_moments(form: Form) -> dict[str, str]:
    """The form with the moments that its days stand for, if the event lasts whole days."""
    if not form.get("all_day"):
        return dict(form)
    first, last = (form.get(name, "").strip() for name in DAYS)
    return {**form, "date": first, "ends_at": _day_behind(last)}


def _day_behind(text: str) -> str:
    """The next day; what is no day stays, and is refused."""
    try:
        return str(date.fromisoformat(text) + timedelta(days=1))
    except (ValueError, OverflowError):
        return text


def _changed(form: Form, before: Form, names: Iterable[str]) -> list[str]:
    return [name for name in names if form.get(name, "").strip() != before[name].strip()]


def _values(form: Form, names: Iterable[str]) -> dict[str, Any]:
    """The fields as JSON would have them; what is no number stays text, which is refused."""
    return {name: _value(name, form.get(name, "").strip()) for name in names}


def _value(name: str, text: str) -> str | int | Decimal | bool | None:
    if name == "all_day":
        return bool(text)
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
