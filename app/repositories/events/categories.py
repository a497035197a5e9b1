from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from app.domain.events.lists import CategoryCount, EventFilter, EventsMark
from app.models.events.events import Event
from app.repositories.base import Repository, filled
from app.repositories.events.event_filters import CONDITIONS, conditions_of, values_of

E: Final = Event.__table__.c

MOST_CATEGORIES: Final = 100

MARK: Final = select(
    select(func.max(E.id)).scalar_subquery().label("newest"),
    select(func.max(E.updated_at)).scalar_subquery().label("updated_at"),
    select(func.max(E.cancelled_at)).scalar_subquery().label("cancelled_at"),
)

COUNTS: Final = (
    select(func.min(E.category).label("name"), func.count().label("events"))
    .where(
        *(CONDITIONS[name] for name in conditions_of(EventFilter())), E.category_key.is_not(None)
    )
    .group_by(E.category_key)
    .order_by(func.count().desc(), E.category_key)
    .limit(MOST_CATEGORIES)
)


class CategoryRepository(Repository):
    def mark(self) -> EventsMark:
        """What changes with the events; found at the ends of three indexes."""
        return filled(EventsMark, self._run(MARK).one())

    def counts(self, *, now: datetime) -> Sequence[CategoryCount]:
        """The categories of what is on or lies ahead, those with the most events first."""
        values = values_of(EventFilter(), now=now)
        return [filled(CategoryCount, row) for row in self._run(COUNTS, **values)]
