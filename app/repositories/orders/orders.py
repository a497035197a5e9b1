from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import selectinload

from app.domain.errors import OrderNotFound
from app.domain.ids import EventId, OrderId, UserId
from app.domain.paging import Cursor, Page
from app.domain.states import OrderStatus, TicketStatus
from app.models.events.events import Event
from app.models.orders.orders import Order, OrderChange
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.base import Repository, show
from app.repositories.events.events import TERMS, Terms
from app.repositories.orders.moving import MOVE, MOVE_AND_NOTE, Moved, moving, step_of
from app.repositories.orders.placing import PLACE, placing


@dataclass(frozen=True, slots=True)
class EventOrder:
    """An order, and who placed it."""

    order: Order
    username: str
    full_name: str | None


class OrderRepository(Repository):
    def get(self, order_id: OrderId) -> Order:
        return self._db.get_one(Order, order_id)

    def find(self, order_id: OrderId) -> Order | None:
        """The order of this number, if there is one."""
        return self._db.get(Order, order_id)

    def lock(self, order_id: OrderId) -> Order:
        """The order as it is now, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.
        """
        return self._db.get_one(Order, order_id, with_for_update=True, populate_existing=True)

    def find_locked(self, order_id: OrderId) -> Order | None:
        """As ``lock``; ``None`` if there is no such order."""
        return self._db.get(Order, order_id, with_for_update=True, populate_existing=True)

    def paid_for_cancelled(self, *, limit: int) -> Sequence[OrderId]:
        """Paid orders of cancelled events that still have tickets to take back."""
        has_tickets = exists().where(
            Ticket.order_id == Order.id, Ticket.status == TicketStatus.VALID
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

    def cancellation(self, event_id: EventId) -> tuple[int, int, int, int]:
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

    def place(self, order: Order, *, actor: str) -> tuple[OrderChange, Terms]:
        """Insert an order, in the event's currency, with its items and the first of its history.

        What it is subject to is read here, behind the hold on its places: that row's lock keeps
        changes waiting. PostgreSQL, where each statement is a trip while others wait for that
        lock, does all of it in one.
        """
        step = OrderChange(
            from_status=None,
            to_status=order.status,
            actor=actor,
            reason=None,
            at=order.placed_at,
        )
        if self._is_sqlite:
            terms = Terms(*self._run(TERMS, event_id=order.event_id).one())
            order.currency = terms.currency
            self._insert_row(order)
            for item in order.items:
                item.order_id = order.id
                self._insert_row(item)
            step.order_id = order.id
            self._insert_row(step)
            return step, terms
        row = self._run(PLACE, **placing(order, step)).one()
        show(order, id=row[0])
        show(step, id=row[1])
        step.order_id = order.id
        terms = Terms(*row[2:])
        order.currency = terms.currency
        for item in order.items:
            item.order_id = order.id
        return step, terms

    def move(
        self,
        order: Order,
        *,
        from_: OrderStatus,
        to: OrderStatus,
        actor: str,
        now: datetime,
        reason: str | None = None,
    ) -> Moved | None:
        """Change the order's status if it still is ``from_``, and note it; ``None``: it is not.

        Raises:
            ValueError: no order may go from the one to the other.
        """
        step = step_of(order, from_=from_, to=to, actor=actor, now=now, reason=reason)
        statement = MOVE if self._is_sqlite else MOVE_AND_NOTE
        row = self._run(statement, **moving(order, step)).one_or_none()
        if row is None:
            return None
        if self._is_sqlite:
            self._insert_row(step)
        show(order, status=to, closed_at=now)
        return Moved(*row)

    def history(self, order_id: OrderId) -> Sequence[OrderChange]:
        """The order's steps, oldest first."""
        return self._db.scalars(
            select(OrderChange).where(OrderChange.order_id == order_id).order_by(OrderChange.id)
        ).all()

    def get_for(self, order_id: OrderId, *, buyer_id: UserId) -> Order:
        """An order of this buyer.

        Raises:
            OrderNotFound: there is none, or it is another buyer's.
        """
        order = self._db.scalar(
            select(Order)
            .where(Order.id == order_id, Order.buyer_id == buyer_id)
            .options(selectinload(Order.items))
        )
        if order is None:
            raise OrderNotFound(order_id)
        return order

    def pending_of(self, event_id: EventId, buyer_id: UserId) -> Sequence[Order]:
        """The buyer's unpaid orders of the event, the newest first."""
        return self._db.scalars(
            select(Order)
            .where(
                Order.buyer_id == buyer_id,
                Order.event_id == event_id,
                Order.status == OrderStatus.PENDING,
            )
            .order_by(Order.id.desc())
            .options(selectinload(Order.items))
        ).all()

    def get_of_event(self, order_id: OrderId, *, event_id: EventId) -> Order:
        """An order of this event.

        Raises:
            OrderNotFound: there is none, or it is of another event.
        """
        order = self._db.get(Order, order_id)
        if order is None or order.event_id != event_id:
            raise OrderNotFound(order_id)
        return order

    def of_event(
        self, event_id: EventId, *, status: OrderStatus | None, after: Cursor | None, limit: int
    ) -> Page[EventOrder]:
        """One page of the event's orders, the newest first; ``None`` does not filter."""
        statement = (
            select(Order, User.username, User.full_name)
            .join(User, User.id == Order.buyer_id)
            .where(Order.event_id == event_id)
            .options(selectinload(Order.items))
        )
        if status is not None:
            statement = statement.where(Order.status == status)
        if after is not None:
            statement = statement.where(Order.id < after.id)
        found = self._db.execute(statement.order_by(Order.id.desc()).limit(limit + 1)).all()
        items = [EventOrder(*row) for row in found[:limit]]
        last = items[-1].order.id if len(found) > limit else None
        return Page(items, None if last is None else Cursor("-id", last, last))

    def page(self, buyer_id: UserId, *, after: Cursor | None, limit: int) -> Page[Order]:
        """One page of the buyer's orders, the newest first."""
        statement = (
            select(Order).where(Order.buyer_id == buyer_id).options(selectinload(Order.items))
        )
        if after is not None:
            statement = statement.where(Order.id < after.id)
        found = self._db.scalars(statement.order_by(Order.id.desc()).limit(limit + 1)).all()
        items = found[:limit]
        last = items[-1] if len(found) > limit else None
        return Page(items, None if last is None else Cursor("-id", last.id, last.id))

    def due_to_expire(
        self, now: datetime, *, limit: int, unopened: bool = False
    ) -> Sequence[OrderId]:
        """Pending orders whose hold has ended, the longest ended first.

        With ``unopened`` only those without any attempt to pay.
        """
        due = select(Order.id).where(Order.status == OrderStatus.PENDING, Order.expires_at <= now)
        if unopened:
            due = due.where(~exists().where(Payment.order_id == Order.id))
        return self._db.scalars(due.order_by(Order.expires_at, Order.id).limit(limit)).all()

    def shorten_hold(self, order_id: OrderId, *, until: datetime) -> None:
        """Keep the hold of a pending order at most until then."""
        self._db.execute(
            update(Order)
            .where(
                Order.id == order_id,
                Order.status == OrderStatus.PENDING,
                Order.expires_at > until,
            )
            .values(expires_at=until)
            .execution_options(synchronize_session=False)
        )

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
