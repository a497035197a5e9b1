from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from app.domain.errors import TicketNotFound
from app.domain.ids import OrderId, TicketId, UserId
from app.domain.listings import TicketListing
from app.domain.paging import Cursor, Page
from app.models.events import Event
from app.models.tickets import Ticket
from app.repositories.base import Repository

LISTING: Select[*tuple[Any, ...]] = select(
    Ticket.id,
    Ticket.user_id,
    Ticket.code,
    Ticket.link_key,
    Ticket.purchase_date,
    Ticket.used_at,
    Ticket.event_id,
    Event.title,
    Event.location,
    Event.starts_at,
    Event.time_zone,
).join(Event, Event.id == Ticket.event_id)


class TicketRepository(Repository):
    def of_order(self, order_id: OrderId) -> Sequence[Ticket]:
        """The order's tickets, in the order they were numbered."""
        return self._db.scalars(
            select(Ticket).where(Ticket.order_id == order_id).order_by(Ticket.number)
        ).all()

    def listings_of_order(self, order_id: OrderId) -> Sequence[TicketListing]:
        """The order's tickets with their event, in the order they were numbered."""
        statement = LISTING.where(Ticket.order_id == order_id).order_by(Ticket.number)
        return [TicketListing(*row) for row in self._db.execute(statement)]

    def listing(self, ticket_id: TicketId, *, user_id: UserId) -> TicketListing:
        """A ticket of this user.

        Raises:
            TicketNotFound: there is none, or it is somebody else's.
        """
        row = self._find(LISTING.where(Ticket.id == ticket_id, Ticket.user_id == user_id))
        if row is None:
            raise TicketNotFound(ticket_id)
        return row

    def find_by_link(self, link_key: str) -> TicketListing | None:
        return self._find(LISTING.where(Ticket.link_key == link_key))

    def page(self, user_id: UserId, *, after: Cursor | None, limit: int) -> Page[TicketListing]:
        """One page of the user's tickets, the newest first."""
        statement = LISTING.where(Ticket.user_id == user_id)
        if after is not None:
            statement = statement.where(Ticket.id < after.id)
        statement = statement.order_by(Ticket.id.desc()).limit(limit + 1)
        found = [TicketListing(*row) for row in self._db.execute(statement)]
        items = found[:limit]
        last = items[-1] if len(found) > limit else None
        return Page(items, None if last is None else Cursor("-id", last.id, last.id))

    def _find(self, statement: Select[*tuple[Any, ...]]) -> TicketListing | None:
        row = self._db.execute(statement).one_or_none()
        return None if row is None else TicketListing(*row)
