"""Conditions on entries of waiting lists, for statements about what can be bought."""

from typing import Final

from sqlalchemy import and_, case, literal, or_, select

from app.domain.states import WaitingState
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.orders.waiting import WaitingEntry
from app.models.users.users import User
from app.repositories.base import table_of

W: Final = WaitingEntry.__table__.c
T: Final = TicketType.__table__.c
E: Final = Event.__table__.c
U: Final = User.__table__.c

IS_WAITING: Final = W.state == literal(WaitingState.WAITING, W.state.type)

IS_DISABLED: Final = (
    # As a value: PostgreSQL may read all accounts to learn for which of them a row exists.
    select(U.disabled_at)
    .where(U.id == W.user_id)
    .correlate(table_of(WaitingEntry))
    .scalar_subquery()
    .is_not(None)
)
"""The account that waits was disabled, or deleted: it could not pay for what it is offered."""

SELLS_UNTIL: Final = case((E.all_day.is_(True), E.ends_at), else_=E.starts_at)
"""As ``Schedule.sells_until``: an event of whole days has an end."""

CAN_BE_SERVED: Final = and_(
    IS_WAITING,
    ~IS_DISABLED,
    or_(T.capacity.is_(None), W.quantity <= T.capacity - T.held - T.sold),
    or_(E.capacity.is_(None), W.quantity <= E.capacity - E.held - E.sold),
)
"""The entry asks for no more places than are free. For statements over all three tables."""
