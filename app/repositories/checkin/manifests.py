"""The offline manifest: every ticket that is good, and every code that is not (any more)."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, or_, select

from app.domain.checkin.attendees import GoodTicket
from app.domain.ids import EventId
from app.domain.states import TicketStatus
from app.models.events.ticket_types import TicketType
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, filled

T: Final = Ticket.__table__.c
TYPE: Final = TicketType.__table__.c

GOOD: Final = (
    select(T.id, T.version, T.code, TYPE.name.label("ticket_type"), T.attendee_name)
    .join_from(
        Ticket.__table__,
        TicketType.__table__,
        and_(TYPE.id == T.ticket_type_id, TYPE.event_id == T.event_id),
    )
    .where(
        T.event_id == bindparam("event_id"),
        T.status == TicketStatus.VALID,
        T.revoked_at.is_(None),
    )
    .order_by(T.id)
)
NOT_GOOD: Final = (
    select(T.id, T.version, T.status, T.revoked_at, T.used_at, T.inside)
    .where(
        T.event_id == bindparam("event_id"),
        or_(
            T.status != TicketStatus.VALID,
            T.revoked_at.is_not(None),
            T.used_at.is_not(None),
            T.version > 1,
        ),
    )
    .order_by(T.id)
)


class ManifestRepository(Repository):
    def good(self, event_id: EventId) -> list[GoodTicket]:
        """Every valid ticket that is not revoked, whether it was used or not."""
        return [filled(GoodTicket, row) for row in self._run(GOOD, event_id=event_id)]

    def not_good(self, event_id: EventId) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every ticket of which some code opens nothing."""
        return self._run(NOT_GOOD, event_id=event_id).all()
