"""Holds of pending orders: those whose time is over, and when they end."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select, update

from app.domain.ids import EventId, OrderId
from app.domain.states import OrderStatus
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.payments.payments import Payment
from app.repositories.base import Repository


class HoldRepository(Repository):
    def due_to_expire(
        self, now: datetime, *, limit: int, unopened: bool = False
    ) -> Sequence[OrderId]:
        """Pending orders whose hold has ended, the longest ended first.

        With ``unopened`` only those without any attempt to pay.
        """
        due = select(Order.id).where(Order.status == OrderStatus.PENDING, Order.expires_at <= now)
        if unopened:
            due = due.where(
                ~exists().where(Payment.order_id == Order.id, Payment.event_id == Order.event_id)
            )
        return self._db.scalars(due.order_by(Order.expires_at, Order.id).limit(limit)).all()

    def shorten(self, order_id: OrderId, *, until: datetime) -> None:
        """Keep the hold of a pending order at most until then."""
        self._end(Order.id == order_id, Order.expires_at > until, at=until)

    def postpone(self, order_id: OrderId, *, until: datetime) -> None:
        """Keep the hold of a pending order at least until then."""
        self._end(Order.id == order_id, Order.expires_at < until, at=until)

    def end_of_event(self, event_id: EventId, *, at: datetime) -> None:
        """Have the holds of the event's pending orders end at that moment, if they last longer.

        All pending orders are locked, by id as everybody does: who pays for one has done so before,
        or sees what this transaction changed.
        """
        pending = (
            select(Order.id)
            .where(Order.event_id == event_id, Order.status == OrderStatus.PENDING)
            .order_by(Order.id)
            .with_for_update()
        )
        self._db.scalars(pending).all()
        self._end(Order.event_id == event_id, Order.expires_at > at, at=at)

    def _end(self, *which: ColumnElement[bool], at: datetime) -> None:
        self._db.execute(
            update(Order).where(Order.status == OrderStatus.PENDING, *which).values(expires_at=at)
        )

    def of_cancelled(self, *, beyond: datetime, limit: int) -> Sequence[OrderId]:
        """Pending orders of cancelled events whose hold lasts longer than that."""
        return self._db.scalars(
            select(Order.id)
            .join(Event, Event.id == Order.event_id)
            .where(
                Event.cancelled_at.is_not(None),
                Order.status == OrderStatus.PENDING,
                Order.expires_at > beyond,
            )
            .order_by(Order.id)
            .limit(limit)
        ).all()
