from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import selectinload

from app.domain.errors import OrderNotFound
from app.domain.ids import EventId, OrderId, UserId
from app.domain.orders.hold_limits import MOST_ENDED, EndedHold, Unpaid
from app.domain.orders.orders import Moved
from app.domain.paging import Cursor, Page
from app.domain.states import LEGAL_MOVES, OrderStatus
from app.domain.users.names import GUEST
from app.models.events.events import BuyerPlaces, Event
from app.models.orders.orders import Order, OrderChange, OrderItem
from app.models.orders.waiting import WaitingEntry
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.base import Repository, filled, show, table_of

ORDERS: Final = table_of(Order).c
EVENTS: Final = table_of(Event).c
ENTRIES: Final = table_of(WaitingEntry).c
ITEMS: Final = table_of(OrderItem).c
USERS: Final = table_of(User).c

# Bind names differ from column names, which SQLAlchemy would add to what the UPDATE sets. RETURNING
# asks by values: SQLite knows the table's columns there without their table's name only.
MOVE: Final = (
    update(table_of(Order))
    .where(
        ORDERS.id == bindparam("order_id"),
        ORDERS.event_id == bindparam("of_event"),
        ORDERS.status == bindparam("from_status"),
    )
    .values(status=bindparam("to_status"), closed_at=bindparam("now"))
    .returning(
        select(EVENTS.capacity.is_not(None))
        .where(EVENTS.id == bindparam("of_event", type_=EVENTS.id.type))
        .scalar_subquery()
        .label("shares_capacity"),
        exists()
        .where(
            ENTRIES.order_id == bindparam("order_id", type_=ORDERS.id.type),
            ENTRIES.event_id == bindparam("of_event", type_=EVENTS.id.type),
        )
        .label("was_offered"),
        select(EVENTS.cancelled_at.is_not(None))
        .where(EVENTS.id == bindparam("of_event", type_=EVENTS.id.type))
        .scalar_subquery()
        .label("is_cancelled"),
    )
)


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

IS_OF_GUEST: Final = exists().where(USERS.id == ORDERS.buyer_id, USERS.email_key.startswith(GUEST))
PLACED_BY_BUYER: Final = or_(ORDERS.buyer_name.is_(None), IS_OF_GUEST)
"""Not so is what an account got from a guest: the person who typed its address placed that."""

ENDED: Final = (
    select(ORDERS.placed_at, ORDERS.closed_at)
    .where(OF_BUYER, ORDERS.status.in_(UNPAID_ENDS), ORDERS.closed_at > bindparam("since"))
    .where(PLACED_BY_BUYER)
    .order_by(ORDERS.placed_at.desc(), ORDERS.id.desc())
    .limit(MOST_ENDED)
)


class OrderRepository(Repository):
    def get(self, order_id: OrderId) -> Order:
        """The order.

        Raises:
            OrderNotFound: there is none of this id.
        """
        order = self.find(order_id)
        if order is None:
            raise OrderNotFound(order_id)
        return order

    def find(self, order_id: OrderId) -> Order | None:
        return self._db.get(Order, order_id)

    def find_with_items(self, order_id: OrderId) -> Order | None:
        return self._db.get(Order, order_id, options=[selectinload(Order.items)])

    def lock(self, order_id: OrderId) -> Order:
        """The order as it is now, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.

        Raises:
            OrderNotFound: there is none of this id.
        """
        order = self._db.get(Order, order_id, with_for_update=True, populate_existing=True)
        if order is None:
            raise OrderNotFound(order_id)
        return order

    def place(self, order: Order, *, actor: str) -> OrderChange:
        """Insert an order with its items; return the first step of its history."""
        self._insert_row(order)
        for item in order.items:
            item.order_id, item.event_id = order.id, order.event_id
        self._insert_rows(order.items)
        step = OrderChange(
            order_id=order.id,
            event_id=order.event_id,
            from_status=None,
            to_status=order.status,
            actor=actor,
            reason=None,
            at=order.placed_at,
        )
        self._insert_row(step)
        return step

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
        if to not in LEGAL_MOVES[from_]:
            raise ValueError(f"an order never goes from {from_} to {to}")
        row = self._run(
            MOVE,
            order_id=order.id,
            of_event=order.event_id,
            from_status=from_,
            to_status=to,
            now=now,
        ).one_or_none()
        if row is None:
            return None
        self._insert_row(
            OrderChange(
                order_id=order.id,
                event_id=order.event_id,
                from_status=from_,
                to_status=to,
                actor=actor,
                reason=reason,
                at=now,
            )
        )
        show(order, status=to, closed_at=now)
        return filled(Moved, row)

    def history(self, order_id: OrderId) -> Sequence[OrderChange]:
        """The order's steps, oldest first."""
        return self._db.scalars(
            select(OrderChange)
            .where(OrderChange.order_id == order_id)
            .order_by(OrderChange.at, OrderChange.id)
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
            .order_by(Order.placed_at.desc(), Order.id.desc())
            .options(selectinload(Order.items))
        ).all()

    def unpaid_of(self, event_id: EventId, buyer_id: UserId) -> Unpaid:
        """What the buyer has. Exact for one ticket type while its row is locked."""
        return filled(Unpaid, self._run(UNPAID, event_id=event_id, buyer_id=buyer_id).one())

    def ended_unpaid(
        self, event_id: EventId, buyer_id: UserId, *, since: datetime
    ) -> Sequence[EndedHold]:
        """Holds that the buyer placed and that ended unpaid, the newest first.

        Of more than ``MOST_ENDED`` the newest.
        """
        rows = self._run(ENDED, event_id=event_id, buyer_id=buyer_id, since=since)
        return [filled(EndedHold, row) for row in rows]

    def get_of_event(self, order_id: OrderId, *, event_id: EventId) -> Order:
        """An order of this event.

        Raises:
            OrderNotFound: there is none, or it is of another event.
        """
        order = self.find_with_items(order_id)
        if order is None or order.event_id != event_id:
            raise OrderNotFound(order_id)
        return order

    def page(self, buyer_id: UserId, *, after: Cursor | None, limit: int) -> Page[Order]:
        """One page of the buyer's orders, the newest first."""
        statement = (
            select(Order).where(Order.buyer_id == buyer_id).options(selectinload(Order.items))
        )
        page = self._page(statement, Order.placed_at, Order.id, after=after, limit=limit)
        return page.of(lambda row: row.Order)

    def give(self, order: Order, buyer_id: UserId, *, to: UserId, now: datetime) -> None:
        """Give the order and its tickets, as far as they are the buyer's, to another one.

        The caller holds the locks of the order and of both buyers, so their counts do not change.
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
