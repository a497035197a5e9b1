"""What pages tell of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from app.domain.events.schedules import When
from app.domain.ids import OrderId
from app.domain.looks import OrganizationLook
from app.domain.ports import Clock
from app.domain.states import OrderKind, OrderStatus, PaymentStatus
from app.domain.tickets.ticket_states import TicketState
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.payments.refund_listings import RefundListing
from app.repositories.unit_of_work import UnitOfWork
from app.services.payments.order_links import FoundOrder, OrderLinks
from app.services.tickets.ticket_versions import state_now


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order as its buyer is told of it; moments are in the event's own zone."""

    order: Order
    event_title: str
    is_cancelled: bool
    """The event was cancelled."""
    location: str
    look: OrganizationLook
    when: When
    until: datetime
    places: Sequence[tuple[int, str]]
    """How many of which ticket type."""
    attendees: Sequence[str]
    email: str
    """Where the tickets are sent."""
    token: str | None
    """Of the order's own page, for the browser that placed it; ``None``: an account's, which logs
    in."""


@dataclass(frozen=True, slots=True)
class OrderTicket:
    """A ticket of an order, as the reader of the order's link sees it."""

    ticket: Ticket
    ticket_type: str
    state: TicketState
    is_own: bool
    """It is still its buyer's."""
    is_shown: bool
    """Its page is linked: it is its buyer's, and the reader may know its present secrets."""
    offer: TicketTransfer | None
    """To whom its buyer offers it; a later holder's own offers are not shown."""

    @property
    def is_usable(self) -> bool:
        """Whether it can be transferred or refunded."""
        return self.is_own and self.state == TicketState.VALID


@dataclass(frozen=True, slots=True)
class LinkedOrder:
    """An order behind its unguessable link, with what can be done there."""

    page: OrderPage
    token: str
    payment: Payment | None
    """The latest attempt to pay."""
    tickets: Sequence[OrderTicket]
    refunds: Sequence[RefundListing]
    is_confirmed: bool
    """Its buyer has shown to read mail at their address."""
    minutes_left: int
    """Of the hold, rounded up; 0: it is over."""
    may_change: bool
    """See ``FoundOrder.may_change``."""
    refundable_until: datetime | None
    """In the event's zone; ``None``: its buyers cannot refund now."""

    @property
    def order(self) -> Order:
        return self.page.order

    @property
    def pay_url(self) -> str | None:
        """Where the latest attempt is paid, as long as the order is shown as not paid.

        The attempt is read after the order and may have succeeded in between: its page then tells
        that it is paid.
        """
        payment = self.payment
        if self.order.status != OrderStatus.PENDING or payment is None:
            return None
        can_lead_to_tickets = payment.status in (PaymentStatus.OPEN, PaymentStatus.SUCCEEDED)
        return payment.authorization_url if can_lead_to_tickets else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPageService:
    """Shows orders to people who need not log in for it."""

    database: Database
    clock: Clock
    links: OrderLinks

    def describe(self, order_id: OrderId) -> OrderPage:
        """What the order is for."""
        with self.database.reading() as work:
            order = work.orders.get(order_id)
            return self._described(work, order, work.users.get(order.buyer_id))

    def look(self, *, token: str) -> LinkedOrder:
        """The order behind a link, as it stands; changes nothing.

        Raises:
            LinkInvalid: it is not one of ours.
        """
        now = self.clock.now()
        with self.database.reading() as work:
            found = self.links.find(work, token)
            order, event = found.order, work.events.get(found.order.event_id)
            payments = work.payments.of_order(order.id)
            left = max(order.expires_at - now, timedelta(0))
            return LinkedOrder(
                page=self._described(work, order, found.buyer),
                token=token,
                payment=payments[-1] if payments else None,
                tickets=_tickets(work, found, event, now=now),
                refunds=work.refund_listings.of_order(order.id),
                is_confirmed=found.buyer.email_confirmed,
                minutes_left=ceil(left / timedelta(minutes=1)),
                may_change=found.may_change,
                refundable_until=_refundable_until(order, event, now=now),
            )

    def _described(self, work: UnitOfWork, order: Order, buyer: User) -> OrderPage:
        event = work.events.get(order.event_id)
        names = {kind.id: kind.name for kind in work.ticket_types.of_event(order.event_id)}
        return OrderPage(
            order=order,
            event_title=event.title,
            is_cancelled=event.cancelled_at is not None,
            location=event.location,
            look=work.organizations.look(event.id),
            when=event.when,
            until=order.expires_at.astimezone(ZoneInfo(event.time_zone)),
            places=[(item.quantity, names[item.ticket_type_id]) for item in order.items],
            attendees=[name for item in order.items for name in item.attendees],
            email=buyer.email,
            token=None if order.buyer_name is None else self.links.at_checkout(order),
        )


def _tickets(
    work: UnitOfWork, found: FoundOrder, event: Event, *, now: datetime
) -> list[OrderTicket]:
    tickets = work.tickets.of_order(found.order.id)
    names = {kind.id: kind.name for kind in work.ticket_types.of_event(event.id)}
    own = [ticket.id for ticket in tickets if ticket.user_id == found.buyer.id]
    offers = work.transfers.open_of(own, now=now)
    is_read_now = found.is_mailed and found.may_change
    return [
        OrderTicket(
            ticket=ticket,
            ticket_type=names[ticket.ticket_type_id],
            state=state_now(ticket, event, now),
            is_own=ticket.id in own,
            is_shown=ticket.id in own and (is_read_now or ticket.version == 1),
            offer=offers.get(ticket.id),
        )
        for ticket in tickets
    ]


def _refundable_until(order: Order, event: Event, *, now: datetime) -> datetime | None:
    if (
        order.status != OrderStatus.PAID
        or event.refund_hours is None
        or order.kind == OrderKind.CASH
    ):
        return None
    until = event.starts_at - timedelta(hours=event.refund_hours)
    return until.astimezone(ZoneInfo(event.time_zone)) if now <= until else None
