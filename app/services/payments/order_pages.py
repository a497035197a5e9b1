"""What pages tell of an order, and paying for it from a link in a mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.errors import LinkInvalid
from app.domain.ids import OrderId
from app.domain.ports import LinkTokens
from app.models.orders.orders import Order
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.payments.payments import PaymentService, Returns
from app.services.payments.settlement import Settlement


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order as its buyer is told of it; moments are in the event's own zone."""

    order: Order
    event_title: str
    location: str
    starts_at: datetime
    until: datetime
    places: Sequence[tuple[int, str]]
    """How many of which ticket type."""
    attendees: Sequence[str]
    email: str
    """Where the tickets are sent."""


class OrderPageService:
    """Shows orders to people who need not log in for it."""

    def __init__(self, *, database: Database, links: LinkTokens, payments: PaymentService) -> None:
        self._database = database
        self._links = links
        self._payments = payments

    def describe(self, order_id: OrderId) -> OrderPage:
        """What the order is for."""
        with self._database.reading() as work:
            order = work.orders.get(order_id)
            return _described(work, order, work.users.get(order.buyer_id))

    def look(self, *, token: str) -> OrderPage:
        """The order whose mail had this link.

        Raises:
            LinkInvalid: it is not one of ours.
        """
        with self._database.reading() as work:
            order, buyer = self._named_by(work, token)
            return _described(work, order, buyer)

    def pay(self, *, token: str, returns: Returns) -> Settlement:
        """Pay for the order in its buyer's name; anyone who has the link may.

        Raises:
            LinkInvalid: it is not one of ours.
            OrderNotPending: and all else ``PaymentService.pay_order`` refuses.
        """
        with self._database.reading() as work:
            order, buyer = self._named_by(work, token)
        return self._payments.pay_order(buyer=buyer, order_id=order.id, returns=returns)

    def _named_by(self, work: UnitOfWork, token: str) -> tuple[Order, User]:
        order = work.orders.find(OrderId(self._links.row_id_in(token)))
        if order is None:
            raise LinkInvalid
        self._links.ensure(token, order.link_subject)
        return order, work.users.get(order.buyer_id)


def _described(work: UnitOfWork, order: Order, buyer: User) -> OrderPage:
    event = work.events.get(order.event_id)
    names = {kind.id: kind.name for kind in work.ticket_types.of_event(order.event_id)}
    zone = ZoneInfo(event.time_zone)
    return OrderPage(
        order=order,
        event_title=event.title,
        location=event.location,
        starts_at=event.starts_at.astimezone(zone),
        until=order.expires_at.astimezone(zone),
        places=[(item.quantity, names[item.ticket_type_id]) for item in order.items],
        attendees=[name for item in order.items for name in item.attendees],
        email=buyer.email,
    )
