"""Which events a list shows: conditions by name, and the values that they are asked with."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, or_

from app.domain.checkin.doors import DOORS_CLOSE_AFTER
from app.domain.events.lists import EventFilter
from app.domain.text import search_key, sort_key
from app.models.events.events import Event

E: Final = Event.__table__.c

# As `doors_close_at` says.
_BEGAN_LATELY: Final = and_(E.ends_at.is_(None), E.starts_at > bindparam("began_after"))

CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "published": E.is_draft.is_(False),
    "not_over": or_(E.ends_at > bindparam("now"), _BEGAN_LATELY),
    "not_cancelled": E.cancelled_at.is_(None),
    "category": E.category_key == bindparam("category"),
    "starts_from": E.starts_at >= bindparam("starts_from"),
    "starts_before": E.starts_at < bindparam("starts_before"),
    "price_min_minor": E.price_minor >= bindparam("price_min_minor"),
    "price_max_minor": E.price_minor <= bindparam("price_max_minor"),
}


def conditions_of(which: EventFilter) -> Iterator[str]:
    """The names of what such events fulfil, but for words. Drafts are in no public list."""
    yield "published"
    if not which.past:
        yield "not_over"
    if not which.cancelled:
        yield "not_cancelled"
    yield from (name for name in CONDITIONS if getattr(which, name, None) is not None)


def values_of(which: EventFilter, *, now: datetime) -> dict[str, Any]:
    """The values of all their parameters."""
    return {
        "now": now,
        "began_after": now - DOORS_CLOSE_AFTER,
        "category": sort_key(which.category) if which.category is not None else None,
        "starts_from": which.starts_from,
        "starts_before": which.starts_before,
        "price_min_minor": which.price_min_minor,
        "price_max_minor": which.price_max_minor,
    }


def with_words(words: str) -> Iterator[ColumnElement[bool]]:
    """What events fulfil in which each of the words is found."""
    for word in search_key(words).split():
        yield E.search_text.contains(word, autoescape=True)
