"""What moves when an order gets another buyer."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from app.domain.ids import UserId
from app.models.events.events import BuyerPlaces
from app.models.orders.orders import Order
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository


class OrderMoveRepository(Repository):
    def move(self, order: Order, buyer_id: UserId, *, to: UserId, now: datetime) -> None:
        """Give the order and its tickets, as far as they are the buyer's, to another one.

        The caller has locked the order and both buyers: nothing of theirs is counted meanwhile.
        Their places of the event are counted anew when either buys there next.
        """
        changes: tuple[Any, ...] = (
            update(Order)
            .where(Order.id == order.id, Order.buyer_id == buyer_id)
            .values(buyer_id=to, moved_at=now),
            update(Ticket)
            .where(Ticket.order_id == order.id, Ticket.user_id == buyer_id)
            .values(user_id=to),
            delete(BuyerPlaces).where(
                BuyerPlaces.event_id == order.event_id, BuyerPlaces.buyer_id.in_((buyer_id, to))
            ),
        )
        for change in changes:
            self._db.execute(change)
