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
