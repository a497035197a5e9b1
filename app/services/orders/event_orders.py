"""Orders as the organizer of their event sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.ids import EventId, OrderId
from app.domain.money import Money
from app.domain.orders.orders import OrderFilter
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.orders.event_orders import EventOrder
from app.repositories.orders.notes import WrittenNote
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.orders import OrderDetail, detail_of


@dataclass(frozen=True, slots=True)
class EventOrderDetail:
    """An order, its buyer, and what they were told of it by mail."""

    detail: OrderDetail
    buyer: User
    mails: Sequence[OutboxMessage]
    left: Money
    """What can still be refunded of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOrderService:
    """Shows the members of an organization the orders of its events."""

    database: Database
    clock: Clock

    def page(
        self,
        *,
        event_id: EventId,
        organizer: User,
        which: OrderFilter,
        after: Cursor | None,
        limit: int,
    ) -> Page[EventOrder]:
        """One page of the event's orders, the newest first.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.SEE_ORDERS)
            return work.event_orders.page(event_id, which, after=after, limit=limit)

    def show(self, *, event_id: EventId, organizer: User, order_id: OrderId) -> EventOrderDetail:
        """One order of the event, with its buyer, payments, tickets, refunds, mails and history.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotFound: the event has no such order.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.SEE_ORDERS)
            order = work.orders.get_of_event(order_id, event_id=event_id)
            return event_order_detail(work, order)

    def notes(
        self, *, event_id: EventId, organizer: User, order_id: OrderId
    ) -> Sequence[WrittenNote]:
        """All notes on the order, the oldest first.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotFound: the event has no such order.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.SEE_ORDERS)
            work.orders.get_of_event(order_id, event_id=event_id)
            return work.order_notes.of_order(order_id)

    def add_note(
        self, *, event_id: EventId, organizer: User, order_id: OrderId, text: str
    ) -> WrittenNote:
        """Write a note, for good.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotFound: the event has no such order.
            TooManyNotes: the order has as many as it may have.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.SEE_ORDERS)
            work.orders.get_of_event(order_id, event_id=event_id)
            # Locked, so that two who write at once do not both write the last one.
            order = work.orders.lock(order_id)
            note = work.order_notes.write(order, organizer.id, text, now=now)
            return WrittenNote(note, organizer.username)


def event_order_detail(work: UnitOfWork, order: Order) -> EventOrderDetail:
    """All that is known of an order, which was read with its items."""
    return EventOrderDetail(
        detail_of(work, order),
        work.users.get(order.buyer_id),
        work.event_orders.mails_about(order.id),
        Money(work.refunds.left_of(order.id), order.currency),
    )
