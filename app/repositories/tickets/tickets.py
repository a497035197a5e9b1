from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    select,
    update,
)

from app.domain.errors import TicketNotFound
from app.domain.ids import EventId, OrderId, TicketId, UserId
from app.domain.listings import Purchase, TicketListing, TicketPaper
from app.domain.money import Money
from app.domain.paging import Cursor, Page
from app.domain.states import TicketStatus
from app.domain.tickets.tickets import Holder, TicketSecrets
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import Order
from app.models.organizers.organizations import Organization
from app.models.tickets.tickets import ReplacedCode, Ticket
from app.models.users.users import User
from app.repositories.base import Repository, RowsOf, filled, show, table_of, values_of

T: Final = table_of(Ticket).c
TYPE: Final = TicketType.__table__.c

TICKETS: Final = RowsOf(Ticket)
ISSUE: Final = table_of(Ticket).insert().returning(T.id, T.number)
ISSUED: Final = (
    select(*TICKETS.columns).where(T.order_id == bindparam("order_id")).order_by(T.number)
)

EVENT: Final = table_of(Event).c
ORDER: Final = table_of(Order).c
BUYER: Final = table_of(User).alias("buyer").c

LISTING: Final[Select[*tuple[Any, ...]]] = (
    select(
        T.id,
        T.user_id,
        T.code.label("short_code"),
        T.link_key,
        T.version,
        T.key_id,
        TYPE.name.label("ticket_type"),
        T.attendee_name,
        T.purchase_date,
        T.used_at,
        T.event_id,
        EVENT.title.label("event_title"),
        EVENT.location.label("event_location"),
        *(EVENT.starts_at, EVENT.ends_at, EVENT.all_day, EVENT.time_zone),
        T.status,
        T.revoked_at,
    )
    .join_from(Ticket.__table__, Event.__table__, EVENT.id == T.event_id)
    .join(TicketType.__table__, and_(TYPE.id == T.ticket_type_id, TYPE.event_id == T.event_id))
)

OF_ORDER: Final = (
    LISTING.add_columns(
        BUYER.id.label("buyer_id"),
        BUYER.email.label("buyer_email"),
        func.coalesce(ORDER.buyer_name, BUYER.full_name, BUYER.username).label("buyer_name"),
        ORDER.total_minor,
        ORDER.currency,
    )
    .join(ORDER.id.table, and_(ORDER.id == T.order_id, ORDER.event_id == T.event_id))
    .join(BUYER.id.table, BUYER.id == ORDER.buyer_id)
    .where(T.order_id == bindparam("order_id"))
    .order_by(T.number)
)
OF_USER: Final = LISTING.where(T.user_id == bindparam("user_id"))
HELD: Final = LISTING.where(
    T.user_id == bindparam("user_id"), T.event_id == bindparam("event_id")
).order_by(T.id)
ONE_OF_USER: Final = LISTING.where(
    T.id == bindparam("ticket_id"), T.user_id == bindparam("user_id")
)
ONE: Final = LISTING.where(T.id == bindparam("ticket_id"))
BY_LINK: Final = LISTING.where(T.link_key == bindparam("link_key"))

HOLDER: Final = table_of(User).alias("holder").c
ORGANIZER: Final = table_of(Organization).c
PAPER: Final = (
    select(
        T.order_id,
        T.number,
        T.paid_minor,
        EVENT.currency,
        func.coalesce(T.attendee_name, HOLDER.full_name, HOLDER.username).label("holder"),
        ORGANIZER.name.label("organizer"),
        EVENT.terms,
        case(
            (ORDER.buyer_id == T.user_id, func.coalesce(ORDER.language, HOLDER.language)),
            else_=HOLDER.language,
        ).label("language"),
    )
    .join_from(Ticket.__table__, Event.__table__, EVENT.id == T.event_id)
    .join(HOLDER.id.table, HOLDER.id == T.user_id)
    .join(ORDER.id.table, and_(ORDER.id == T.order_id, ORDER.event_id == T.event_id))
    .join(ORGANIZER.id.table, ORGANIZER.id == EVENT.organization_id)
    .where(T.id == bindparam("ticket_id"))
)


class TicketRepository(Repository):
    def issue(self, tickets: Sequence[Ticket]) -> None:
        """Insert the new tickets of one order.

        Raises:
            IntegrityError: one of that number was issued for the order before.
        """
        rows = self._connection.execute(ISSUE, [values_of(ticket) for ticket in tickets])
        ids = {row.number: row.id for row in rows}
        for ticket in tickets:
            show(ticket, id=ids[ticket.number])

    def of_order(self, order_id: OrderId) -> Sequence[Ticket]:
        """The order's tickets, in the order they were numbered."""
        return self._db.scalars(
            select(Ticket).where(Ticket.order_id == order_id).order_by(Ticket.number)
        ).all()

    def issued_for(self, order_id: OrderId) -> Sequence[Ticket]:
        """As ``of_order``, for reading only: what is changed in them is not written."""
        return [TICKETS.one(row) for row in self._run(ISSUED, order_id=order_id)]

    def lock_of_order(self, order_id: OrderId) -> Sequence[Ticket]:
        """As ``of_order``; the door waits until this transaction ends, and it for the door."""
        return self._db.scalars(
            select(Ticket)
            .where(Ticket.order_id == order_id)
            .order_by(Ticket.number)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).all()

    def bought_with(self, order_id: OrderId) -> Purchase | None:
        """The order's tickets in the order they were numbered; ``None``: it has none."""
        rows = self._run(OF_ORDER, order_id=order_id).all()
        if not rows:
            return None
        first = rows[0]
        return filled(
            Purchase,
            first,
            tickets=[filled(TicketListing, row) for row in rows],
            total=Money(first.total_minor, first.currency),
        )

    def listings_held(self, user_id: UserId, event_id: EventId) -> Sequence[TicketListing]:
        """The tickets an account holds of an event, whether it bought them or not."""
        rows = self._run(HELD, user_id=user_id, event_id=event_id)
        return [filled(TicketListing, row) for row in rows]

    def listing(self, ticket_id: TicketId, *, user_id: UserId) -> TicketListing:
        """A ticket of this user.

        Raises:
            TicketNotFound: there is none, or it is another account's.
        """
        row = self._run(ONE_OF_USER, ticket_id=ticket_id, user_id=user_id).one_or_none()
        if row is None:
            raise TicketNotFound(ticket_id)
        return filled(TicketListing, row)

    def find_by_link(self, link_key: str) -> TicketListing | None:
        row = self._run(BY_LINK, link_key=link_key).one_or_none()
        return None if row is None else filled(TicketListing, row)

    def paper_of(self, ticket_id: TicketId) -> TicketPaper:
        """What is printed on the ticket and no list shows; there must be one of this id."""
        return filled(TicketPaper, self._run(PAPER, ticket_id=ticket_id).one())

    def get(self, ticket_id: TicketId) -> Ticket:
        """The ticket.

        Raises:
            TicketNotFound: there is none of this id.
        """
        ticket = self._db.get(Ticket, ticket_id)
        if ticket is None:
            raise TicketNotFound(ticket_id)
        return ticket

    def refreshed(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now, after waiting for a lock on something above it."""
        self._db.refresh(ticket)
        return ticket

    def renew(
        self,
        ticket: Ticket,
        secrets: TicketSecrets,
        *,
        holder: Holder,
        by: UserId,
        reason: str | None,
        only_unused: bool,
        now: datetime,
    ) -> bool:
        """Make the next version of a valid ticket; tell whether it still was as it is here.

        One conditional UPDATE: a scan, a refund or another version that came first wins.
        """
        old = ReplacedCode(
            ticket_id=ticket.id,
            event_id=ticket.event_id,
            version=ticket.version,
            code=ticket.code,
            link_key=ticket.link_key,
            user_id=ticket.user_id,
            replaced_at=now,
            replaced_by=by,
            reason=reason,
        )
        unused = (Ticket.used_at.is_(None),) if only_unused else ()
        renewed = self._change_valid(
            Ticket.id == ticket.id,
            Ticket.event_id == ticket.event_id,
            Ticket.version == ticket.version,
            Ticket.revoked_at.is_(None),
            *unused,
            version=Ticket.version + 1,
            code=secrets.code,
            link_key=secrets.link_key,
            key_id=secrets.key_id,
            user_id=holder.user_id,
            attendee_name=holder.attendee_name,
            attendee_key=holder.attendee_key,
        )
        if renewed:
            self.add(old)
        return renewed

    def rename_attendee(self, ticket: Ticket, name: str | None) -> None:
        """Put another name on a ticket whose order the caller has locked."""
        ticket.attendee_name = name
        self._db.flush()

    def revoke(self, ticket_id: TicketId, *, reason: str, now: datetime) -> bool:
        """Bar a valid ticket from the door; tell whether it was open to it."""
        return self._change_valid(
            Ticket.id == ticket_id,
            Ticket.revoked_at.is_(None),
            revoked_at=now,
            revoked_reason=reason,
        )

    def restore(self, ticket_id: TicketId) -> bool:
        """Let a revoked ticket in again; tell whether it was revoked."""
        return self._change_valid(
            Ticket.id == ticket_id,
            Ticket.revoked_at.is_not(None),
            revoked_at=None,
            revoked_reason=None,
        )

    def _change_valid(self, *which: ColumnElement[bool], **values: Any) -> bool:
        changed = self._db.scalars(
            update(Ticket)
            .where(Ticket.status == TicketStatus.VALID, *which)
            .values(**values)
            .returning(Ticket)
            .execution_options(populate_existing=True)
        ).all()
        return bool(changed)

    def find_replaced(self, link_key: str) -> ReplacedCode | None:
        """The earlier version of a ticket whose page had this address."""
        return self._db.scalar(select(ReplacedCode).where(ReplacedCode.link_key == link_key))

    def replaced(self, ticket_id: TicketId, *, version: int) -> ReplacedCode | None:
        """What that version was known by, and why there is a newer one."""
        return self._db.scalar(
            select(ReplacedCode).where(
                ReplacedCode.ticket_id == ticket_id, ReplacedCode.version == version
            )
        )

    def current(self, ticket_id: TicketId) -> TicketListing:
        """A ticket of any holder; there must be one of this id."""
        return filled(TicketListing, self._run(ONE, ticket_id=ticket_id).one())

    def page(self, user_id: UserId, *, after: Cursor | None, limit: int) -> Page[TicketListing]:
        """One page of the user's tickets, the newest first."""
        page = self._page(OF_USER, T.purchase_date, T.id, after=after, limit=limit, user_id=user_id)
        return page.of(lambda row: filled(TicketListing, row))
