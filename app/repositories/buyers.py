from sqlalchemy import delete, func, select, update

from app.domain.ids import EventId, UserId
from app.domain.states import OrderStatus, TicketStatus
from app.models.events import BuyerPlaces
from app.models.orders import Order, OrderItem
from app.models.tickets import Ticket
from app.repositories.base import Repository


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
            .values(
                event_id=order.event_id, buyer_id=order.buyer_id, places=self._had_besides(order)
            )
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
            .execution_options(synchronize_session=False)
        )
        return self._db.scalar(statement) is not None

    def change(self, event_id: EventId, buyer_id: UserId, by: int) -> None:
        """Count places of a buyer up or down, if they are counted at all."""
        self._db.execute(
            update(BuyerPlaces)
            .where(BuyerPlaces.event_id == event_id, BuyerPlaces.buyer_id == buyer_id)
            .values(places=BuyerPlaces.places + by)
            .execution_options(synchronize_session=False)
        )

    def forget(self, event_id: EventId) -> None:
        """Stop counting: the event has no limit any more."""
        self._db.execute(delete(BuyerPlaces).where(BuyerPlaces.event_id == event_id))

    @staticmethod
    def _had_besides(order: Order) -> object:
        held = (
            select(func.coalesce(func.sum(OrderItem.quantity), 0))
            .join(Order, Order.id == OrderItem.order_id)
            .where(
                Order.event_id == order.event_id,
                Order.buyer_id == order.buyer_id,
                Order.id != order.id,
                Order.status == OrderStatus.PENDING,
            )
            .scalar_subquery()
        )
        bought = (
            select(func.count(Ticket.id))
            .where(
                Ticket.event_id == order.event_id,
                Ticket.user_id == order.buyer_id,
                Ticket.status == TicketStatus.VALID,
            )
            .scalar_subquery()
        )
        return held + bought
