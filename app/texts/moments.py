"""Days and times as people write them, with the names that Unicode's CLDR has for them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache

from babel import Locale

from app.domain.events.schedules import When
from app.domain.languages import Language
from app.domain.moments import days_written
from app.texts.catalogue import language


def moment(at: datetime | When) -> str:
    """As in ``Saturday, 1 June 2030, 19:00 (WAT)`` or ``samedi 1er juin 2030 à 19:00 (UTC+1)``.

    An event that lasts whole days has its days in place of that.
    """
    if isinstance(at, When):
        return days(at.first_day, at.last_day) if at.all_day else moment(at.starts_at)
    return f"{day(at)}{_before_time()}{time(at)}"


def spoken(at: datetime | When) -> str:
    """The same as mails have it, whose English moments have days of two digits."""
    if isinstance(at, When):
        return moment(at) if at.all_day else spoken(at.starts_at)
    if language() is Language.FRENCH:
        return moment(at)
    return f"{weekday(at)}, {at.day:02} {month(at)} {at.year}, {time(at)}"


def respoken(text: str) -> str:
    """What ``domain.moments`` has written down: a moment in English, or days; else the text."""
    if written := days_written(text):
        return days(*written)
    if language() is Language.ENGLISH:
        return text
    try:
        when, _bracket, name = text.partition(" (")
        at = datetime.strptime(when, "%A, %d %B %Y, %H:%M")  # noqa: DTZ007  (the zone is kept)
    except ValueError:
        return text
    return f"{day(at)}{_before_time()}{at:%H:%M} ({name}"


def short_moment(at: datetime | When) -> str:
    """As in ``Sat 1 Jun 2030, 19:00`` or ``sam. 1er juin 2030, 19:00``; see ``moment``."""
    if isinstance(at, When):
        if not at.all_day:
            return short_moment(at.starts_at)
        return short_days(at.first_day, at.last_day)
    names = _locale(language())
    name = names.days["format"]["abbreviated"][at.weekday()]
    return f"{name} {day_number(at)} {short_month(at)} {at.year}, {at:%H:%M}"


def short_day(at: date) -> str:
    """As in ``Sat 1 Jun 2030`` or ``sam. 1er juin 2030``."""
    name = _locale(language()).days["format"]["abbreviated"][at.weekday()]
    return f"{name} {day_number(at)} {short_month(at)} {at.year}"


def clock_time(at: datetime) -> str:
    """As in ``Sat 1 Jun, 19:15 WAT``; the zone tells the two hours apart when clocks go back."""
    name = _locale(language()).days["format"]["abbreviated"][at.weekday()]
    return f"{name} {day_number(at)} {short_month(at)}, {at:%H:%M} {zone(at)}"


def same_day(at: datetime, other: datetime) -> str:
    """The time alone where both moments are on one day."""
    return time(at) if at.date() == other.date() else moment(at)


def day(at: date) -> str:
    """As in ``Saturday, 1 June 2030`` or ``samedi 1er juin 2030``."""
    comma = "" if language() is Language.FRENCH else ","
    return f"{weekday(at)}{comma} {day_number(at)} {month(at)} {at.year}"


def days(first: date, last: date) -> str:
    """One day, or several as in ``4 to 6 December 2026`` or ``du 4 au 6 décembre 2026``."""
    return day(first) if first == last else _range(first, last, month)


def short_days(first: date, last: date) -> str:
    """The same, as in ``Fri 4 Dec 2026`` or ``4 to 6 Dec 2026``."""
    return short_day(first) if first == last else _range(first, last, short_month)


def _range(first: date, last: date, named: Callable[[date], str]) -> str:
    """Both days, of which the first has its month and year only if they differ."""
    begin = day_number(first)
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {named(first)}"
    if first.year != last.year:
        begin += f" {first.year}"
    end = f"{day_number(last)} {named(last)} {last.year}"
    return f"du {begin} au {end}" if language() is Language.FRENCH else f"{begin} to {end}"


def day_number(at: date) -> str:
    """The day of the month, of which the first has an ending in French."""
    return "1er" if at.day == 1 and language() is Language.FRENCH else str(at.day)


def weekday(at: date) -> str:
    name: str = _locale(language()).days["format"]["wide"][at.weekday()]
    return name


def month(at: date) -> str:
    name: str = _locale(language()).months["format"]["wide"][at.month]
    return name


def short_month(at: date) -> str:
    name: str = _locale(language()).months["format"]["abbreviated"][at.month]
    return name


def time(at: datetime) -> str:
    """As in ``19:00 (WAT)`` or ``19:00 (UTC+1)``."""
    return f"{at:%H:%M} ({zone(at)})"


def zone(at: datetime) -> str:
    """The time zone: by its English letters, or as French readers know it, by the distance."""
    if language() is Language.ENGLISH:
        return f"{at:%Z}"
    minutes = int((at.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def _before_time() -> str:
    return " à " if language() is Language.FRENCH else ", "


@cache
def _locale(chosen: Language) -> Locale:
    return Locale(chosen)
