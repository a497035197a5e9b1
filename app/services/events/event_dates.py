"""When an event takes place, and the moments that depend on it.

An event that moves takes them along by the same shift: a change that names none of them would
otherwise leave the doors closed on the night, or a sale open for an event that is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Self

from app.domain.checkin.doors import doors_close_at
from app.domain.errors import EventInPast, EventValueInvalid
from app.domain.events.changes import UNCHANGED, Change, EventChanges, Unchanged, after
from app.domain.events.schedules import Schedule
from app.domain.languages import marked
from app.domain.moments import local_day, start_of_day, starts_a_day
from app.models.events.events import Event
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType

WHOLE_DAYS: Final = marked(
    "must be a day, or its midnight in the event's time zone: the event lasts whole days"
)


class Dates(NamedTuple):
    """The moments of an event."""

    starts_at: datetime
    ends_at: datetime | None
    all_day: bool
    doors_open_at: datetime | None

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(event.starts_at, event.ends_at, event.all_day, event.doors_open_at)


def ensure_whole_days(event: Event) -> None:
    """Let a new event that lasts whole days end with the day it begins, unless it says when.

    Raises:
        EventValueInvalid: it lasts whole days, and begins or ends within one.
    """
    if not event.all_day:
        return
    _ensure_day_start(event.starts_at, event.time_zone, field="date")
    if event.ends_at is None:
        event.ends_at = end_of_days(event.starts_at, 1, event.time_zone)
    _ensure_day_start(event.ends_at, event.time_zone, field="ends_at")


def in_whole_days(event: Event, changes: EventChanges) -> EventChanges:
    """The changes, with the moments of an event that will last whole days.

    A moment that is given must be the start of a day. Those that are not given keep their days: as
    many from another first day, the same in another time zone, and those that the event touched
    when it did not last whole days yet.

    Raises:
        EventValueInvalid: a moment given is within a day.
    """
    if not after(changes.all_day, event.all_day):
        return changes
    zone, before = after(changes.time_zone, event.time_zone), event.when
    if isinstance(changes.starts_at, Unchanged):
        starts_at = start_of_day(before.first_day, zone)
    else:
        starts_at = changes.starts_at
        _ensure_day_start(starts_at, zone, field="date")
    if isinstance(changes.ends_at, datetime):
        ends_at = changes.ends_at
        _ensure_day_start(ends_at, zone, field="ends_at")
    else:
        days = before.days if changes.ends_at is UNCHANGED else 1
        ends_at = end_of_days(starts_at, days, zone)
    return replace(changes, starts_at=starts_at, ends_at=ends_at)


def end_of_days(starts_at: datetime, days: int, time_zone: str) -> datetime:
    """When so many days are over of which the first begins at the moment: the next day's start."""
    return start_of_day(local_day(starts_at, time_zone) + timedelta(days=days), time_zone)


def _ensure_day_start(moment: datetime, time_zone: str, *, field: str) -> None:
    if not starts_a_day(moment, time_zone):
        raise EventValueInvalid(field, WHOLE_DAYS)


def move_with_start(
    event: Event,
    types: Iterable[TicketType],
    codes: Iterable[PromoCode],
    changes: EventChanges,
    *,
    now: datetime,
) -> EventChanges:
    """Let end, doors and windows that do not change themselves follow a new start, by its shift.

    Sets the windows, and returns the changes of the event with its new end and doors.

    A window's moment that has passed stays: a sale that has opened does not close again, and one
    that has closed does not open again. A sale or promo code whose end would have passed by the
    shift ends when sales end by default.
    """
    start = after(changes.starts_at, event.starts_at)
    shift = _shift(event, changes, start)
    if not shift:
        return changes
    ends_at = _following(changes.ends_at, event.ends_at, shift)
    all_day = after(changes.all_day, event.all_day)
    sells_until = Schedule(start, after(ends_at, event.ends_at), all_day).sells_until
    for ticket_type in types:
        ticket_type.sales_open_at = _moved(ticket_type.sales_open_at, shift, now=now)
        closes_at = _moved(ticket_type.sales_close_at, shift, now=now)
        if closes_at != ticket_type.sales_close_at and closes_at is not None:
            opens_at = ticket_type.sales_open_at
            # One that would close before it opens is refused, see ``ensure_changed_dates``.
            is_lost = closes_at <= now and (opens_at is None or opens_at < closes_at)
            ticket_type.sales_close_at = sells_until if is_lost else closes_at
    for code in codes:
        code.valid_from = _moved(code.valid_from, shift, now=now)
        until = _moved(code.valid_until, shift, now=now)
        if until != code.valid_until and until is not None:
            is_lost = until <= max(now, code.valid_from or now)
            code.valid_until = sells_until if is_lost else until
    return replace(
        changes,
        ends_at=ends_at,
        doors_open_at=_following(changes.doors_open_at, event.doors_open_at, shift),
    )


def _shift(event: Event, changes: EventChanges, start: datetime) -> timedelta:
    """How far the event moves, by days if it lasts whole days before or behind the changes.

    An event that only loses or gets its hour keeps its windows.
    """
    if event.all_day == after(changes.all_day, event.all_day):
        return start - event.starts_at
    zone = after(changes.time_zone, event.time_zone)
    return start_of_day(local_day(start, zone), zone) - start_of_day(
        local_day(event.starts_at, event.time_zone), event.time_zone
    )


def _following(
    change: Change[datetime | None], before: datetime | None, shift: timedelta
) -> Change[datetime | None]:
    return before + shift if change is UNCHANGED and before is not None else change


def _moved(moment: datetime | None, shift: timedelta, *, now: datetime) -> datetime | None:
    return moment + shift if moment is not None and moment > now else moment


def ensure_dates(event: Event, *, now: datetime) -> None:
    """Refuse a new event whose moments do not fit together.

    Raises:
        EventInPast: it starts now or earlier or, if it lasts whole days, is over.
        EventValueInvalid: it ends before it starts, or the doors open after the start.
    """
    if event.schedule.sells_until <= now:
        raise EventInPast
    _ensure_order(event, now=now)


def ensure_changed_dates(
    event: Event, types: Sequence[TicketType], *, before: Dates, now: datetime
) -> None:
    """Refuse changes that leave the event's moments unfit for each other.

    Of an event that has begun, the start stays; its doors and its end may change.

    Args:
        event: with its new moments.
        types: what it sells, with their new windows.
        before: what its moments were.
        now: the moment of the change.

    Raises:
        EventInPast: it would start now or earlier or, if it lasts whole days, be over.
        EventValueInvalid: it would end before it starts, the doors would open after the start or,
            once it has begun, after the end, or a sale window would not fit.
    """
    if event.starts_at != before.starts_at and event.schedule.sells_until <= now:
        raise EventInPast
    if Dates.of(event) != before:
        _ensure_order(event, now=now)
        is_end_alone = Dates.of(event) == before._replace(ends_at=event.ends_at)
        _ensure_windows(event, types, field="ends_at" if is_end_alone else "date")


def _ensure_order(event: Event, *, now: datetime) -> None:
    if event.ends_at is not None and event.ends_at <= event.starts_at:
        raise EventValueInvalid("ends_at", marked("must be later than the event's date"))
    if event.doors_open_at is None:
        return
    if event.doors_open_at > event.starts_at > now and not event.all_day:
        raise EventValueInvalid("doors_open_at", marked("must not be later than the event's date"))
    if event.doors_open_at >= doors_close_at(event.starts_at, event.ends_at):
        raise EventValueInvalid("doors_open_at", marked("must be earlier than the event's end"))


def _ensure_windows(event: Event, types: Sequence[TicketType], *, field: str) -> None:
    for ticket_type in types:
        unfit = ticket_type.unfit_window(doors_close_at(event.starts_at, event.ends_at))
        if unfit is not None:
            name, rule = unfit
            raise EventValueInvalid(
                field,
                f"does not fit the sale of ticket type {ticket_type.name}: its {name} {rule}; "
                "change that first",
            )
