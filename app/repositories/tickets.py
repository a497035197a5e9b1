from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Executable, Select, bindparam, func, select

from app.domain.errors import TicketNotFound
from app.domain.ids import EventId, OrderId, TicketId, UserId
from app.domain.listings import TicketListing, TicketPaper
from app.domain.paging import Cursor, Page
from app.models.events import Event
from app.models.ticket_types import TicketType
from app.models.tickets import Ticket
from app.models.users import User
from app.repositories.base import Repository, table_of
from app.repositories.rows import RowsOf

T: Final = table_of(Ticket).c

TICKETS: Final = RowsOf(Ticket)
ISSUED: Final = (
    select(*TICKETS.columns).where(T.order_id == bindparam("order_id")).order_by(T.number)
)

LISTING: Final[Select[*tuple[Any, ...]]] = (
    select(
        T.id,
        T.user_id,
        T.code,
        T.link_key,
        T.version,
        T.key_id,
        TicketType.__table__.c.name,
        T.attendee_name,
        T.purchase_date,
        T.used_at,
        T.event_id,
        Event.__table__.c.title,
        Event.__table__.c.location,
        Event.__table__.c.starts_at,
        Event.__table__.c.ends_at,
        Event.__table__.c.time_zone,
        T.status,
        T.revoked_at,
    )
    .join_from(Ticket.__table__, Event.__table__, Event.__table__.c.id == T.event_id)
    .join(TicketType.__table__, TicketType.__table__.c.id == T.ticket_type_id)
)

OF_ORDER: Final = LISTING.where(T.order_id == bindparam("order_id")).order_by(T.number)
OF_USER: Final = LISTING.where(T.user_id == bindparam("user_id")).order_by(T.id.desc())
HELD: Final = LISTING.where(
    T.user_id == bindparam("user_id"), T.event_id == bindparam("event_id")
).order_by(T.id)
ONE_OF_USER: Final = LISTING.where(
    T.id == bindparam("ticket_id"), T.user_id == bindparam("user_id")
)
BY_LINK: Final = LISTING.where(T.link_key == bindparam("link_key"))

HOLDER: Final = table_of(User).alias("holder").c
ORGANIZER: Final = table_of(User).alias("organizer").c
PAPER: Final = (
    select(
        T.order_id,
        T.number,
        T.paid_minor,
        Event.__table__.c.currency,
        func.coalesce(T.attendee_name, HOLDER.full_name, HOLDER.username),
        func.coalesce(ORGANIZER.full_name, ORGANIZER.username),
        Event.__table__.c.terms,
    )
    .join_from(Ticket.__table__, Event.__table__, Event.__table__.c.id == T.event_id)
    .join(HOLDER.id.table, HOLDER.id == T.user_id)
    .outerjoin(ORGANIZER.id.table, ORGANIZER.id == Event.__table__.c.organizer_id)
    .where(T.id == bindparam("ticket_id"))
)


class TicketRepository(Repository):
    def issue(self, tickets: Sequence[Ticket]) -> None:
        """Insert new tickets.

        Raises:
            IntegrityError: one of that number was issued for the order before.
        """
        for ticket in tickets:
            self._insert_row(ticket)

    def of_order(self, order_id: OrderId) -> Sequence[Ticket]:
        """The order's tickets, in the order they were numbered."""
        return self._db.scalars(
            select(Ticket).where(Ticket.order_id == order_id).order_by(Ticket.number)
        ).all()

    def issued_for(self, order_id: OrderId) -> Sequence[Ticket]:
        """As ``of_order``, for reading only: what is changed in them is not written."""
        return [TICKETS.one(row) for row in self._run(ISSUED, order_id=order_id)]

    def listings_of_order(self, order_id: OrderId) -> Sequence[TicketListing]:
        """The order's tickets with their event, in the order they were numbered."""
        return [TicketListing(*row) for row in self._run(OF_ORDER, order_id=order_id)]

    def listings_held(self, user_id: UserId, event_id: EventId) -> Sequence[TicketListing]:
        """What somebody has of an event, whoever bought it."""
        rows = self._run(HELD, user_id=user_id, event_id=event_id)
        return [TicketListing(*row) for row in rows]

    def listing(self, ticket_id: TicketId, *, user_id: UserId) -> TicketListing:
        """A ticket of this user.

        Raises:
            TicketNotFound: there is none, or it is somebody else's.
        """
        row = self._find(ONE_OF_USER, ticket_id=ticket_id, user_id=user_id)
        if row is None:
            raise TicketNotFound(ticket_id)
        return row

    def find_by_link(self, link_key: str) -> TicketListing | None:
        return self._find(BY_LINK, link_key=link_key)

    def paper_of(self, ticket_id: TicketId) -> TicketPaper:
        """What is printed on the ticket and no list shows; there must be one of this id."""
        return TicketPaper(*self._run(PAPER, ticket_id=ticket_id).one())

    def page(self, user_id: UserId, *, after: Cursor | None, limit: int) -> Page[TicketListing]:
        """One page of the user's tickets, the newest first."""
        statement = OF_USER if after is None else OF_USER.where(T.id < after.id)
        rows = self._run(statement.limit(limit + 1), user_id=user_id)
        found = [TicketListing(*row) for row in rows]
        items = found[:limit]
        last = items[-1] if len(found) > limit else None
        return Page(items, None if last is None else Cursor("-id", last.id, last.id))

    def _find(self, statement: Executable, **values: Any) -> TicketListing | None:
        row = self._run(statement, **values).one_or_none()
        return None if row is None else TicketListing(*row)
