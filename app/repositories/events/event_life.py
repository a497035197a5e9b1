"""The states an event goes through, each by one conditional statement."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from app.domain.ids import EventId
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.repositories.base import Repository, table_of
from app.repositories.events.waiting_conditions import SELLS_UNTIL

E: Final = Event.__table__.c
T: Final = TicketType.__table__.c

NOW: Final = bindparam("now", type_=E.starts_at.type)

SOMETHING_TO_SELL: Final = (
    select(T.id)
    .where(T.event_id == E.id, or_(T.sales_close_at.is_(None), T.sales_close_at > NOW))
    .correlate(table_of(Event))
    .exists()
)
"""A ticket type whose sale has not ended."""

PUBLISH: Final = (
    update(table_of(Event))
    .where(
        E.id == bindparam("event_id"),
        E.is_draft.is_(True),
        SELLS_UNTIL > NOW,
        SOMETHING_TO_SELL,
    )
    .values(is_draft=False, updated_at=NOW, version=E.version + 1)
    .returning(E.id)
)

PAUSE: Final = (
    update(table_of(Event))
    .where(
        E.id == bindparam("event_id"),
        E.sales_paused_at.is_(None),
        E.cancelled_at.is_(None),
        E.is_draft.is_(False),
    )
    .values(sales_paused_at=NOW, updated_at=NOW, version=E.version + 1)
)
RESUME: Final = (
    update(table_of(Event))
    .where(
        E.id == bindparam("event_id"),
        E.sales_paused_at.is_not(None),
        E.cancelled_at.is_(None),
    )
    .values(sales_paused_at=None, updated_at=NOW, version=E.version + 1)
)


class EventLifeRepository(Repository):
    def publish(self, event_id: EventId, *, now: datetime) -> bool:
        """Put a draft on sale if it has what a sale needs; tell whether it did."""
        return self._run(PUBLISH, event_id=event_id, now=now).scalar() is not None

    def pause_sales(self, event_id: EventId, *, now: datetime) -> None:
        """Let no orders be placed, unless that is so already.

        The caller has locked the types: who holds one reads behind its lock whether sales are
        paused, so that no hold is placed once they are.
        """
        self._run(PAUSE, event_id=event_id, now=now)

    def resume_sales(self, event_id: EventId, *, now: datetime) -> None:
        """Let orders be placed again, if they were not."""
        self._run(RESUME, event_id=event_id, now=now)
