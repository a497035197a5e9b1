"""Notes on orders: what members tell each other about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import TooManyNotes
from app.domain.ids import EventId, OrderId
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.models.orders.notes import MOST_NOTES, OrderNote
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.orders.notes import WrittenNote


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderNoteService:
    """Shows and adds notes; none is changed, and none is shown to buyers."""

    database: Database
    clock: Clock

    def of_order(
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

    def add(
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
            work.orders.lock(order_id)
            if work.order_notes.count(order_id) >= MOST_NOTES:
                raise TooManyNotes(order_id, MOST_NOTES)
            note = OrderNote(
                order_id=order_id, event_id=event_id, author_id=organizer.id, text=text, at=now
            )
            work.order_notes.add(note)
            return WrittenNote(note, organizer.username)
