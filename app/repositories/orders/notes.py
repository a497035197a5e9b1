from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.ids import OrderId
from app.models.orders.notes import OrderNote
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

    def count(self, order_id: OrderId) -> int:
        """How many notes the order has."""
        counted = select(func.count(OrderNote.id)).where(OrderNote.order_id == order_id)
        return int(self._db.scalar(counted) or 0)
