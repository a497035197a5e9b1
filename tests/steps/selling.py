"""The organizer's desk, as a member sells there."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.order_requests import RequestedItem
from app.domain.states import OrderKind
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.orders.desk import DeskSale
from app.services.orders.orders import OrderDetail
from app.services.users.guests import Guest

CHI: Final = Guest(name="Chi Eze", email="chi@example.com")


@dataclass(frozen=True)
class BoxOffice:
    """Sells tickets of an event's first type, unless another one is named."""

    services: Services
    seller: User
    event_id: EventId

    def sell(
        self,
        kind: OrderKind = OrderKind.CASH,
        *,
        quantity: int = 1,
        seller: User | None = None,
        buyer: Guest = CHI,
        ticket_type_id: TicketTypeId | None = None,
        reason: str | None = None,
        is_mailed: bool = True,
    ) -> OrderDetail:
        """Tickets of one type, for the guest."""
        if ticket_type_id is None:
            ticket_type_id = self._first_type()
        item = RequestedItem(ticket_type_id=ticket_type_id, quantity=quantity)
        return self.services.desk.sell(
            event_id=self.event_id,
            seller=seller or self.seller,
            sale=DeskSale(kind=kind, buyer=buyer, items=[item], reason=reason, is_mailed=is_mailed),
        )

    def _first_type(self) -> TicketTypeId:
        desk = self.services.managed_events.show(event_id=self.event_id, organizer=self.seller)
        return desk.shown.event.ticket_types[0].id


def balances(database: Database) -> dict[str, int]:
    """What lies on the accounts."""
    with database.connection() as connection:
        rows = connection.execute(text("SELECT account, amount_minor FROM ledger_entries"))
        found: dict[str, int] = {}
        for account, minor in rows:
            found[account] = found.get(account, 0) + minor
    return found
