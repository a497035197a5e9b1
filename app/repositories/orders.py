from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.domain.ids import OrderId
from app.domain.states import OrderStatus
from app.models.orders import Order
from app.repositories.base import REFRESHES, Repository


class OrderRepository(Repository):
    def get(self, order_id: OrderId) -> Order:
        return self._db.get_one(Order, order_id)

    def lock(self, order_id: OrderId) -> Order:
        """The order as it is now, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.
        """
        return self._db.get_one(Order, order_id, with_for_update=True, populate_existing=True)

    def move(
        self,
        order_id: OrderId,
        *,
        from_: OrderStatus,
        to: OrderStatus,
        now: datetime,
    ) -> bool:
        """Change the order's status if it still is ``from_``; tell whether it did."""
        statement = (
            update(Order)
            .where(Order.id == order_id, Order.status == from_)
            .values(status=to, closed_at=now)
            .returning(Order)
            .execution_options(**REFRESHES)
        )
        return self._db.scalar(statement) is not None

    def due_to_expire(self, now: datetime, *, limit: int) -> Sequence[OrderId]:
        """Pending orders whose hold has ended, the longest ended first."""
        return self._db.scalars(
            select(Order.id)
            .where(Order.status == OrderStatus.PENDING, Order.expires_at <= now)
            .order_by(Order.expires_at, Order.id)
            .limit(limit)
        ).all()

    def postpone_expiry(self, order_id: OrderId, *, until: datetime) -> None:
        """Keep the hold of a pending order at least until then."""
        self._db.execute(
            update(Order)
            .where(
                Order.id == order_id,
                Order.status == OrderStatus.PENDING,
                Order.expires_at < until,
            )
            .values(expires_at=until)
            .execution_options(synchronize_session=False)
        )
