"""Orders of cancelled events: holds to end, and tickets to take back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, update

from app.domain.ids import EventId, OrderId
from app.domain.states import OrderStatus, TicketStatus
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository


class CancellationRepository(Repository):
    def paid_for_cancelled(self, *, limit: int) -> Sequence[OrderId]:
        """Paid orders of cancelled events that still have tickets to take back."""
        has_tickets = exists().where(
            Ticket.order_id == Order.id,
            Ticket.event_id == Order.event_id,
            Ticket.status == TicketStatus.VALID,
        )
        cancelled = select(Event.id).where(Event.cancelled_at.is_not(None))
        return self._db.scalars(
            select(Order.id)
            .where(Order.event_id.in_(cancelled), Order.status == OrderStatus.PAID, has_tickets)
            # In the order of the index: by the id alone, it would go through all orders.
            .order_by(Order.event_id, Order.id)
            .limit(limit)
        ).all()

    def end_holds(self, event_id: EventId, *, at: datetime) -> None:
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
        self._db.execute(
            update(Order)
            .where(
                Order.event_id == event_id,
                Order.status == OrderStatus.PENDING,
                Order.expires_at > at,
            )
            .values(expires_at=at)
            .execution_options(synchronize_session=False)
        )

    def held_for_cancelled(self, *, beyond: datetime, limit: int) -> Sequence[OrderId]:
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

    def progress(self, event_id: EventId) -> tuple[int, int, int, int]:
        """Orders and minor units still to be refunded, and those that have been."""
        left = self._db.execute(
            select(
                func.count(Ticket.order_id.distinct()),
                func.coalesce(func.sum(Ticket.paid_minor), 0),
            ).where(Ticket.event_id == event_id, Ticket.status == TicketStatus.VALID)
        ).one()
        done = self._db.execute(
            select(
                func.count(Ticket.order_id.distinct()),
                func.coalesce(func.sum(Ticket.paid_minor), 0),
            ).where(Ticket.event_id == event_id, Ticket.refund_id.is_not(None))
        ).one()
        return int(left[0]), int(left[1]), int(done[0]), int(done[1])
