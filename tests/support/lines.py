"""Lines of people who wait for places."""

from typing import Any

from app.domain.events.changes import EventChanges, TicketTypeChanges
from app.domain.ids import OrderId
from app.domain.listings import EventListing
from app.domain.states import WaitingState
from app.http.services import Services
from app.models.orders.orders import Order
from app.models.users.users import User
from app.services.orders.waiting import Wait
from tests.support.factories import Factory


def join(services: Services, user: User, event: EventListing, quantity: int) -> Wait:
    """Wait for places of the event's first ticket type."""
    return services.waiting.join(
        user=user,
        event_id=event.id,
        ticket_type_id=event.ticket_types[0].id,
        quantity=quantity,
    )


class Line:
    """The line for the only place of an event, which its holder may give up."""

    def __init__(self, make: Factory, event: EventListing) -> None:
        self.services = make.services
        self.event = event
        self.holder = make.user()
        self.held = make.order(self.holder, event.id)

    def join(self, user: User, quantity: int = 1) -> Wait:
        return join(self.services, user, self.event, quantity)

    def free(self) -> None:
        """Put the place back on sale."""
        self.services.orders.cancel(buyer_id=self.holder.id, order_id=self.held.id)

    def states(self, user: User) -> list[WaitingState]:
        return [wait.entry.state for wait in self.services.waiting.mine(user=user)]

    def offer(self, user: User) -> Order:
        """What was offered to the user."""
        entry = self.services.waiting.mine(user=user)[0].entry
        return self.services.orders.get(
            buyer_id=user.id, order_id=OrderId(entry.order_id or 0)
        ).order


def change_event(line: Line, admin: User, change: dict[str, Any]) -> None:
    """Change what the name belongs to: the event, its only ticket type, or call it off."""
    if "cancelled" in change:
        line.services.events.cancel(event_id=line.event.id, organizer=admin, dry_run=False)
    elif change.keys() & {"shared_capacity", "max_per_buyer"}:
        line.services.events.edit(
            event_id=line.event.id, organizer=admin, changes=EventChanges(**change)
        )
    else:
        change_type(line, admin, change)


def change_type(line: Line, admin: User, change: dict[str, Any]) -> None:
    line.services.ticket_types.edit(
        event_id=line.event.id,
        ticket_type_id=line.event.ticket_types[0].id,
        organizer=admin,
        changes=TicketTypeChanges(**change),
    )
