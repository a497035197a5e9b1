"""What a buyer holds of an event without having paid, and how such holds ended before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, bindparam, case, exists, func, select

from app.domain.ids import EventId, UserId
from app.domain.orders.hold_pauses import MOST_ENDED, EndedHold
from app.domain.states import OrderStatus
from app.models.orders.orders import Order, OrderItem
from app.models.users.users import User
from app.repositories.base import Repository, table_of
from app.repositories.filling import filled

ORDERS: Final = table_of(Order).c
ITEMS: Final = table_of(OrderItem).c
USERS: Final = table_of(User).c

OF_BUYER: Final = and_(
    ORDERS.buyer_id == bindparam("buyer_id", type_=ORDERS.buyer_id.type),
    ORDERS.event_id == bindparam("event_id", type_=ORDERS.event_id.type),
)
IS_PENDING: Final = ORDERS.status == OrderStatus.PENDING
IS_FREE: Final = and_(ORDERS.status == OrderStatus.PAID, ORDERS.total_minor == 0)

UNPAID: Final = (
    select(
        func.count(case((IS_PENDING, ORDERS.id)).distinct()).label("orders"),
        func.coalesce(func.sum(case((IS_PENDING, ITEMS.quantity), else_=0)), 0).label("places"),
        func.coalesce(func.sum(case((IS_FREE, ITEMS.quantity), else_=0)), 0).label("free_places"),
        exists()
        .where(
            USERS.id == bindparam("buyer_id", type_=USERS.id.type), USERS.disabled_at.is_not(None)
        )
        .label("is_disabled"),
    )
    .join_from(
        table_of(Order),
        table_of(OrderItem),
        and_(ITEMS.order_id == ORDERS.id, ITEMS.event_id == ORDERS.event_id),
    )
    .where(OF_BUYER)
)

UNPAID_ENDS: Final = (OrderStatus.EXPIRED, OrderStatus.CANCELLED)

ENDED: Final = (
    select(ORDERS.placed_at, ORDERS.closed_at)
    .where(OF_BUYER, ORDERS.status.in_(UNPAID_ENDS), ORDERS.closed_at > bindparam("since"))
    .order_by(ORDERS.placed_at.desc(), ORDERS.id.desc())
    .limit(MOST_ENDED)
)


@dataclass(frozen=True, slots=True)
class Unpaid:
    """What a buyer has of an event that waits for money, and what cost nothing."""

    orders: int
    places: int
    free_places: int
    is_disabled: bool
    """The buyer's account is disabled, or was deleted."""


class UnpaidRepository(Repository):
    def of_buyer(self, event_id: EventId, buyer_id: UserId) -> Unpaid:
        """What the buyer has. Exact for one ticket type while its row is locked."""
        return filled(Unpaid, self._run(UNPAID, event_id=event_id, buyer_id=buyer_id).one())

    def ended(self, event_id: EventId, buyer_id: UserId, *, since: datetime) -> Sequence[EndedHold]:
        """The buyer's holds that ended unpaid, the newest ``MOST_ENDED``, the newest first."""
        rows = self._run(ENDED, event_id=event_id, buyer_id=buyer_id, since=since)
        return [filled(EndedHold, row) for row in rows]
