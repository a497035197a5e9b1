"""Moments: in UTC everywhere inside the shop, perhaps local at its edges."""

from datetime import UTC, datetime
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

ZONES: Final = frozenset((files("tzdata") / "zones").read_text().split()) - {"Factory"}
"""Names of the IANA database, the same on every machine, without the one that is no place.

A machine's own list may also have ``localtime``, which is another zone on the next one.
"""


def iana_zone(name: str) -> str:
    """The name, if it is one of the IANA database.

    Raises:
        ValueError: it is not.
    """
    if name not in ZONES:
        raise ValueError("must be a time zone of the IANA database, as in Africa/Lagos")
    return name


def in_zone(moment: datetime, time_zone: str) -> datetime:
    """The moment in UTC; one without an offset is local time in the IANA zone.

    Two moments of one zone are compared by its clocks, not by the time between them, and are wrong
    in the hour that clocks skip or repeat; in UTC they are right.
    """
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(time_zone))
    return local.astimezone(UTC)


def spoken(moment: datetime, time_zone: str) -> str:
    """The moment as people there read it: ``Saturday, 01 June 2030, 19:00 (WAT)``."""
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%A, %d %B %Y, %H:%M (%Z)")
