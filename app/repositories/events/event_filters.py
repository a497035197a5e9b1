"""Which events a list shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from app.domain.checkin.doors import DOORS_CLOSE_AFTER
from app.domain.text import search_key, sort_key
from app.models.events.events import Event

E: Final = Event.__table__.c


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to list; ``None`` does not filter. The window of dates excludes its end."""

    category: str | None = None
    words: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    price_min_minor: int | None = None
    price_max_minor: int | None = None
    past: bool = False
    """Also events that are over."""
    cancelled: bool = False
    """Also events that were called off."""

    def conditions(self, *, now: datetime) -> list[ColumnElement[bool]]:
        """What the rows of such events fulfil."""
        conditions = [*self._when(now=now), *self._what()]
        if self.price_min_minor is not None:
            conditions.append(E.price_minor >= self.price_min_minor)
        if self.price_max_minor is not None:
            conditions.append(E.price_minor <= self.price_max_minor)
        return conditions

    def _when(self, *, now: datetime) -> Iterator[ColumnElement[bool]]:
        if not self.past:
            # As `doors_close_at` says.
            began_after = E.starts_at > now - DOORS_CLOSE_AFTER
            yield or_(E.ends_at > now, and_(E.ends_at.is_(None), began_after))
        if not self.cancelled:
            yield E.cancelled_at.is_(None)
        if self.starts_from is not None:
            yield E.starts_at >= self.starts_from
        if self.starts_before is not None:
            yield E.starts_at < self.starts_before

    def _what(self) -> Iterator[ColumnElement[bool]]:
        if self.category is not None:
            yield E.category_key == sort_key(self.category)
        if self.words is not None:
            for word in search_key(self.words).split():
                yield E.search_text.contains(word, autoescape=True)
