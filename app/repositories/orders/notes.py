from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.domain.errors import TooManyNotes
from app.domain.ids import OrderId, UserId
from app.models.orders.orders import MOST_NOTES, Order, OrderNote
from app.models.users.users import User
from app.repositories.base import Repository


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note, and how its author is called now."""

    note: OrderNote
    author: str


class OrderNoteRepository(Repository):
    def of_order(self, order_id: OrderId) -> Sequence[WrittenNote]:
        """The order's notes, the oldest first."""
        statement = (
            select(OrderNote, User.username)
            .join(User, User.id == OrderNote.author_id)
            .where(OrderNote.order_id == order_id)
            .order_by(OrderNote.at, OrderNote.id)
        )
        return [WrittenNote(row.OrderNote, row.username) for row in self._db.execute(statement)]

    def write(self, order: Order, author_id: UserId, text: str, *, now: datetime) -> OrderNote:
        """Write a note about an order, which is locked, for good.

        Raises:
            TooManyNotes: the order has as many as it may have.
        """
        counted = select(func.count(OrderNote.id)).where(OrderNote.order_id == order.id)
        if (self._db.scalar(counted) or 0) >= MOST_NOTES:
            raise TooManyNotes(order.id, MOST_NOTES)
        note = OrderNote(
            order_id=order.id, event_id=order.event_id, author_id=author_id, text=text, at=now
        )
        self.add(note)
        return note
