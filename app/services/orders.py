"""Orders: places held for a buyer, until they are paid or released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import EventNotFound, SoldOut
from app.domain.ids import EventId, UserId
from app.domain.listings import EventListing
from app.domain.ports import IdGenerator
from app.domain.states import OrderStatus, OutboxKind, TicketStatus
from app.models.orders import Order
from app.models.tickets import Ticket
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlacer:
    """The steps of an order. Each joins the caller's transaction, given as ``work``."""

    ids: IdGenerator
    hold_for: timedelta

    def place(
        self, work: UnitOfWork, *, buyer_id: UserId, event_id: EventId, quantity: int, now: datetime
    ) -> tuple[Order, EventListing]:
        """Hold places, or take them at once where they cost nothing.

        Raises:
            EventNotFound: no event has this id.
            SalesClosed: the event has begun.
            SoldOut: fewer than ``quantity`` places are left.
        """
        ticket_type = work.ticket_types.find_of_event(event_id)
        if ticket_type is None:
            raise EventNotFound(event_id)
        ticket_type.ensure_on_sale(now)
        if not work.ticket_types.hold(ticket_type.id, quantity):
            raise SoldOut(event_id, quantity)
        # Read behind the hold, whose row lock keeps an organizer's change of price waiting.
        listing = work.events.listing(event_id)
        order = Order(
            buyer_id=buyer_id,
            event_id=event_id,
            ticket_type_id=ticket_type.id,
            quantity=quantity,
            total_minor=listing.price_minor * quantity,
            currency=listing.currency,
            status=OrderStatus.PENDING,
            placed_at=now,
            expires_at=now + self.hold_for,
            closed_at=None,
        )
        work.orders.add(order)
        return order, listing

    def complete(self, work: UnitOfWork, order: Order, *, now: datetime) -> Sequence[Ticket]:
        """Sell a pending order's places, or an expired one's if there are places.

        Issues the tickets, returns them, and promises the buyer a mail with them; returns none if
        it could not sell. The caller has the order locked, so nobody else moves it meanwhile.
        """
        if order.status == OrderStatus.PENDING:
            work.ticket_types.sell_held(order.ticket_type_id, order.quantity)
        elif order.status != OrderStatus.EXPIRED or not work.ticket_types.sell(
            order.ticket_type_id, order.quantity
        ):
            return ()
        work.orders.move(order.id, from_=order.status, to=OrderStatus.PAID, now=now)
        tickets = [self._ticket(order, number, now=now) for number in range(1, order.quantity + 1)]
        work.tickets.add_all(tickets)
        work.outbox.promise(OutboxKind.TICKETS_ISSUED, order.id, now=now)
        return tickets

    @staticmethod
    def release(work: UnitOfWork, order: Order, *, now: datetime) -> bool:
        """Put a pending order's places back on sale; tell whether it was still pending."""
        moved = work.orders.move(
            order.id, from_=OrderStatus.PENDING, to=OrderStatus.EXPIRED, now=now
        )
        if moved:
            work.ticket_types.release(order.ticket_type_id, order.quantity)
        return moved

    def _ticket(self, order: Order, number: int, *, now: datetime) -> Ticket:
        return Ticket(
            order_id=order.id,
            number=number,
            user_id=order.buyer_id,
            event_id=order.event_id,
            ticket_type_id=order.ticket_type_id,
            code=self.ids.ticket_code(),
            link_key=self.ids.token(),
            status=TicketStatus.VALID,
            purchase_date=now,
            used_at=None,
        )
