from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    delete,
    func,
    literal,
    select,
    true,
    union_all,
    update,
)

from app.domain.ids import EventId, UserId
from app.domain.states import OrderStatus, TicketStatus
from app.models.events.events import BuyerPlaces
from app.models.orders.orders import Order, OrderItem
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository


def places_of_buyers(*of_orders: ColumnElement[bool]) -> Select[tuple[EventId, UserId, Any]]:
    """How many places buyers have, by event and buyer: the one definition, for all who count them.

    What their pending orders hold, and the valid tickets of what they bought. A transfer changes
    nothing: a ticket counts for its buyer, not for its present holder.

    Args:
        of_orders: conditions on orders; none means all.
    """
    held = (
        select(Order.event_id, Order.buyer_id, OrderItem.quantity.label("places"))
        .join(
            OrderItem,
            and_(OrderItem.order_id == Order.id, OrderItem.event_id == Order.event_id),
        )
        .where(Order.status == OrderStatus.PENDING, *of_orders)
    )
    bought = (
        select(Order.event_id, Order.buyer_id, literal(1).label("places"))
        # Without the event: SQLite would go through all tickets of the event for each buyer.
        .join(Ticket, Ticket.order_id == Order.id)
        .where(Ticket.status == TicketStatus.VALID, *of_orders)
    )
    both = union_all(held, bought).subquery("had")
    return select(
        both.c.event_id, both.c.buyer_id, func.sum(both.c.places).label("places")
    ).group_by(both.c.event_id, both.c.buyer_id)


class BuyerPlacesRepository(Repository):
    """Counts places per buyer, for events that limit them."""

    def take(self, order: Order, *, most: int) -> bool:
        """Count the order's places for its buyer unless they would be too many; tell whether.

        The first time, what the buyer had before the limit was set is counted as well.
        """
        quantity = order.quantity
        if quantity > most:
            return False
        self._db.execute(
            self._insert(BuyerPlaces)
            .from_select(["event_id", "buyer_id", "places"], _had_besides(order))
            .on_conflict_do_nothing(index_elements=[BuyerPlaces.event_id, BuyerPlaces.buyer_id])
        )
        statement = (
            update(BuyerPlaces)
            .where(
                BuyerPlaces.event_id == order.event_id,
                BuyerPlaces.buyer_id == order.buyer_id,
                BuyerPlaces.places + quantity <= most,
            )
            .values(places=BuyerPlaces.places + quantity)
            .returning(BuyerPlaces.places)
        )
        return self._db.scalar(statement) is not None

    def of(self, event_id: EventId, buyer_id: UserId) -> int:
        """How many places the buyer has."""
        had = places_of_buyers(Order.event_id == event_id, Order.buyer_id == buyer_id).subquery()
        return int(self._db.scalar(select(func.sum(had.c.places))) or 0)

    def give_up(self, event_id: EventId, buyer_id: UserId, places: int) -> None:
        """Count places of a buyer down, if they are counted at all.

        Never below zero: a wrong count is the auditor's to find, and keeps no money from going
        back.
        """
        left = BuyerPlaces.places - places
        self._db.execute(
            update(BuyerPlaces)
            .where(BuyerPlaces.event_id == event_id, BuyerPlaces.buyer_id == buyer_id)
            .values(places=case((left > 0, left), else_=0))
        )

    def forget(self, event_id: EventId) -> None:
        """Stop counting: the event has no limit any more."""
        self._db.execute(delete(BuyerPlaces).where(BuyerPlaces.event_id == event_id))


def _had_besides(order: Order) -> Select[*tuple[Any, ...]]:
    had = places_of_buyers(
        Order.event_id == order.event_id, Order.buyer_id == order.buyer_id, Order.id != order.id
    ).subquery()
    return select(
        literal(order.event_id, BuyerPlaces.event_id.type),
        literal(order.buyer_id, BuyerPlaces.buyer_id.type),
        func.coalesce(func.sum(had.c.places), 0),
    ).where(true())  # without it SQLite takes ON CONFLICT for a condition of a join
