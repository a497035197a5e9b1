"""Which events a list shows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from app.domain.checkin.doors import DOORS_CLOSE_AFTER
from app.domain.events.lists import EventFilter
from app.domain.text import search_key, sort_key
from app.models.events.events import Event

E: Final = Event.__table__.c


def conditions(which: EventFilter, *, now: datetime) -> Iterator[ColumnElement[bool]]:
    """What the rows of such events fulfil. Drafts are in no list that everybody sees."""
    yield E.is_draft.is_(False)
    yield from _when(which, now=now)
    if which.category is not None:
        yield E.category_key == sort_key(which.category)
    if which.words is not None:
        for word in search_key(which.words).split():
            yield E.search_text.contains(word, autoescape=True)
    if which.price_min_minor is not None:
        yield E.price_minor >= which.price_min_minor
    if which.price_max_minor is not None:
        yield E.price_minor <= which.price_max_minor


def _when(which: EventFilter, *, now: datetime) -> Iterator[ColumnElement[bool]]:
    if not which.past:
        # As `doors_close_at` says.
        began_after = E.starts_at > now - DOORS_CLOSE_AFTER
        yield or_(E.ends_at > now, and_(E.ends_at.is_(None), began_after))
    if not which.cancelled:
        yield E.cancelled_at.is_(None)
    if which.starts_from is not None:
        yield E.starts_at >= which.starts_from
    if which.starts_before is not None:
        yield E.starts_at < which.starts_before
