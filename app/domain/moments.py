"""Moments: in UTC everywhere inside the shop, perhaps local at its edges."""

from datetime import UTC, date, datetime, time
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


def local_day(moment: datetime, time_zone: str) -> date:
    """The day the moment lies in, in the IANA zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def start_of_day(day: date, time_zone: str) -> datetime:
    """When the day begins in the IANA zone, in UTC: at midnight, or behind it if clocks skip it."""
    return in_zone(datetime.combine(day, time.min), time_zone)


def starts_a_day(moment: datetime, time_zone: str) -> bool:
    """Whether a day begins at the moment in the IANA zone."""
    return start_of_day(local_day(moment, time_zone), time_zone) == moment


def spoken(moment: datetime, time_zone: str) -> str:
    """The moment as people there read it: ``Saturday, 01 June 2030, 19:00 (WAT)``."""
    return moment.astimezone(ZoneInfo(time_zone)).strftime("%A, %d %B %Y, %H:%M (%Z)")


def written_days(first: date, last: date) -> str:
    """Both days, to be kept and read by ``days_written``: ``2026-12-04/2026-12-06``."""
    return f"{first.isoformat()}/{last.isoformat()}"


def days_written(text: str) -> tuple[date, date] | None:
    """The days that ``written_days`` has written; ``None`` if the text is another."""
    first, _, last = text.partition("/")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
