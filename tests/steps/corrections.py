"""Corrections of orders, as a member makes them."""

from typing import Final

from app.domain.ids import OrderId
from app.domain.listings import EventListing
from app.http.services import Services
from app.models.tickets.tickets import Ticket
from app.models.users.users import User

RIGHT: Final = "ada.obi@example.com"
"""The address as it should have been typed."""


class Corrector:
    """Corrects an order, as the organizer unless another member is named."""

    def __init__(self, services: Services, organizer: User, event: EventListing) -> None:
        self._services = services
        self._organizer = organizer
        self._event = event

    def address(self, order_id: OrderId, email: str = RIGHT, *, by: User | None = None) -> None:
        self._services.corrections.move_to_address(
            event_id=self._event.id,
            organizer=by or self._organizer,
            order_id=order_id,
            email=email,
        )

    def name(self, ticket: Ticket, name: str | None, *, order_id: OrderId | None = None) -> None:
        self._services.corrections.rename_attendee(
            event_id=self._event.id,
            organizer=self._organizer,
            order_id=order_id or ticket.order_id,
            ticket_id=ticket.id,
            name=name,
        )

    def notes(self, order_id: OrderId) -> list[str]:
        found = self._services.event_orders.notes(
            event_id=self._event.id, organizer=self._organizer, order_id=order_id
        )
        return [each.note.text for each in found]

    def tickets(self, order_id: OrderId) -> list[Ticket]:
        return list(
            self._services.event_orders.show(
                event_id=self._event.id, organizer=self._organizer, order_id=order_id
            ).detail.tickets
        )
