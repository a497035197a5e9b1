"""Moments: aware everywhere inside the shop, perhaps local at its edges."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


def in_zone(moment: datetime, time_zone: str) -> datetime:
    """The moment itself; one without an offset is local time in the IANA zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))


def place_in_zone(values: dict[str, Any], time_zone: str) -> None:
    """Do so with every moment among the values."""
    for name, value in values.items():
        if isinstance(value, datetime):
            values[name] = in_zone(value, time_zone)


def spoken(moment: datetime, time_zone: str) -> str:
    """The moment as people there read it: ``Saturday, 01 June 2030, 19:00 (WAT)``."""
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%A, %d %B %Y, %H:%M (%Z)")
