"""What admins find by anything a caller may quote, by indexes alone but for titles of events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, select, union
from sqlalchemy.orm import selectinload

from app.database.differences import begins_with
from app.domain.admins.searches import Quoted
from app.domain.paging import Cursor, Page
from app.domain.states import OutboxKind
from app.domain.text import search_key
from app.models.events.announcements import Announcement
from app.models.events.events import Event
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.organizers.invitations import Invitation
from app.models.payments.disputes import Dispute
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import ReplacedCode, Ticket
from app.models.users.users import User
from app.repositories.base import Repository
from app.repositories.users.own_data import TO_ADDRESSEES, subjects_of

M: Final = OutboxMessage
MOST_FOUND: Final = 1000
"""Rows of a kind that lists go through at most; older ones are left out."""
NO_ROW: Final = 0
"""No row has this number."""
REFUND_OF: Final = and_(Refund.payment_id == Payment.id, Refund.event_id == Payment.event_id)
DISPUTE_OF: Final = and_(Dispute.payment_id == Payment.id, Dispute.event_id == Payment.event_id)
REPLACED_OF: Final = and_(
    ReplacedCode.ticket_id == Ticket.id, ReplacedCode.event_id == Ticket.event_id
)

Ids = Select[Any]


@dataclass(frozen=True, slots=True)
class FoundOrder:
    order: Order
    buyer: User
    event: Event


@dataclass(frozen=True, slots=True)
class FoundPayment:
    payment: Payment
    buyer: User
    event: Event


@dataclass(frozen=True, slots=True)
class FoundTicket:
    ticket: Ticket
    holder: User
    event: Event


class AdminSearchRepository(Repository):
    """Lists of what the words may stand for, each the newest first."""

    def people(self, quoted: Quoted, *, after: Cursor | None, limit: int) -> Page[User]:
        """Accounts and guests by number, user name or address, also the beginning of these.

        And by the name that they gave with the account, an order of theirs or a ticket they hold.
        """
        statement = select(User).where(User.id.in_(self._ids(*self._people(quoted))))
        page = self._page(statement, User.created_at, User.id, after=after, limit=limit)
        return page.of(lambda row: row.User)

    def orders(self, quoted: Quoted, *, after: Cursor | None, limit: int) -> Page[FoundOrder]:
        """Orders by number, by what was paid or issued for them, or by their buyer or a name."""
        statement = (
            select(Order, User, Event)
            .join(User, User.id == Order.buyer_id)
            .join(Event, Event.id == Order.event_id)
            .where(Order.id.in_(self._ids(*self._orders(quoted))))
            .options(selectinload(Order.items))
        )
        page = self._page(statement, Order.placed_at, Order.id, after=after, limit=limit)
        return page.of(lambda row: FoundOrder(row.Order, row.User, row.Event))

    def payments(self, quoted: Quoted, *, after: Cursor | None, limit: int) -> Page[FoundPayment]:
        """The payments of these orders."""
        statement = (
            select(Payment, User, Event)
            .join(Order, and_(Order.id == Payment.order_id, Order.event_id == Payment.event_id))
            .join(User, User.id == Order.buyer_id)
            .join(Event, Event.id == Payment.event_id)
            .where(Payment.order_id.in_(self._ids(*self._orders(quoted))))
        )
        moment, key = Payment.started_at, Payment.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return page.of(lambda row: FoundPayment(row.Payment, row.User, row.Event))

    def tickets(self, quoted: Quoted, *, after: Cursor | None, limit: int) -> Page[FoundTicket]:
        """Tickets by number or short code, also one of before, by holder, or of these orders."""
        statement = (
            select(Ticket, User, Event)
            .join(User, User.id == Ticket.user_id)
            .join(Event, Event.id == Ticket.event_id)
            .where(Ticket.id.in_(self._ids(*self._tickets(quoted))))
        )
        moment, key = Ticket.purchase_date, Ticket.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return page.of(lambda row: FoundTicket(row.Ticket, row.User, row.Event))

    def mail_ids(self, quoted: Quoted) -> Sequence[int]:
        """Mails by number, or to the account or guest with this name or address."""
        return self._ids(*self._mails(quoted))

    def events(self, quoted: Quoted, *, limit: int) -> Sequence[Event]:
        """Events by number or by words of their title or place, the latest first."""
        titled = [Event.search_text.contains(w, autoescape=True) for w in _title_words(quoted)]
        which = [select(Event.id).where(Event.id == (quoted.number or NO_ROW))]
        if titled:
            which.append(select(Event.id).where(*titled))
        statement = select(Event).where(Event.id.in_(union(*which)))
        return self._db.scalars(
            statement.order_by(Event.starts_at.desc(), Event.id.desc()).limit(limit)
        ).all()

    def _ids(self, *which: Ids) -> Sequence[int]:
        """What these select, the latest first.

        They are looked up before the rows are: of what a union finds, PostgreSQL expects so many
        that it would read through the whole table of the rows.
        """
        found = union(*which).subquery()
        (number,) = found.c
        return self._db.scalars(select(number).order_by(number.desc()).limit(MOST_FOUND)).all()

    def _tickets(self, quoted: Quoted) -> Iterator[Ids]:
        yield select(Ticket.id).where(Ticket.id == (quoted.number or NO_ROW))
        for holder in _exactly(quoted):
            yield select(Ticket.id).where(Ticket.user_id.in_(holder))
        if quoted.ticket_code is None:
            orders = self._ids(*self._orders(quoted))
            yield select(Ticket.id).where(Ticket.order_id.in_(orders))
        else:
            yield select(Ticket.id).where(Ticket.code == quoted.ticket_code)
            yield select(ReplacedCode.ticket_id).where(ReplacedCode.code == quoted.ticket_code)

    def _people(self, quoted: Quoted) -> Iterator[Ids]:
        yield select(User.id).where(User.id == (quoted.number or NO_ROW))
        yield from _exactly(quoted)
        if quoted.is_beginning:
            columns = (
                (User.email_key, quoted.address),
                (User.email_key, quoted.guest),
                (User.username_key, quoted.name),
            )
            for column, beginning in columns:
                yield select(User.id).where(
                    begins_with(self._connection, column.expression, beginning)
                )
        yield from self._named(quoted, select(User.id), User.full_name_key.expression)
        yield from self._named(quoted, select(Order.buyer_id), Order.buyer_name_key.expression)
        yield from self._named(quoted, select(Ticket.user_id), Ticket.attendee_key.expression)

    def _orders(self, quoted: Quoted) -> Iterator[Ids]:
        yield from _orders(quoted)
        yield from self._named(quoted, select(Order.id), Order.buyer_name_key.expression)
        yield from self._named(quoted, select(Ticket.order_id), Ticket.attendee_key.expression)

    def _named(self, quoted: Quoted, rows: Ids, key: ColumnElement[Any]) -> Iterator[Ids]:
        """The rows whose key is a name with these words, one of which begins it."""
        for beginning, others in quoted.full_names:
            yield rows.where(
                begins_with(self._connection, key, beginning),
                *(key.contains(f" {word}", autoescape=True) for word in others),
            )

    def _mails(self, quoted: Quoted) -> Iterator[Ids]:
        yield select(M.id).where(M.id == (quoted.mail_number or NO_ROW))
        if quoted.is_address:
            invited = select(Invitation.id).where(Invitation.email_key == quoted.address)
            yield select(M.id).where(
                M.kind == OutboxKind.ORGANIZATION_INVITATION, M.subject_id.in_(invited)
            )
        for user_id in self._db.scalars(union(*_exactly(quoted))):
            for kinds, subjects in subjects_of(user_id).items():
                found = self._ids(subjects)
                yield select(M.id).where(M.kind.in_(kinds), M.subject_id.in_(found))
            events = union(
                select(Ticket.event_id).where(Ticket.user_id == user_id),
                select(Order.event_id).where(Order.buyer_id == user_id),
            )
            told = self._ids(select(Announcement.id).where(Announcement.event_id.in_(events)))
            yield select(M.id).where(
                M.kind.in_(TO_ADDRESSEES), M.subject_id.in_(told), M.addressee_id == user_id
            )


def _exactly(quoted: Quoted) -> Iterator[Ids]:
    """The account, and the guest, with this whole name."""
    if quoted.is_address:
        yield select(User.id).where(User.email_key == quoted.address)
        yield select(User.id).where(User.email_key == quoted.guest)
    else:
        yield select(User.id).where(User.username_key == quoted.name)


def _orders(quoted: Quoted) -> Iterator[Ids]:
    words, code = quoted.words, quoted.ticket_code
    yield select(Order.id).where(Order.id == (quoted.number or NO_ROW))
    for buyer in _exactly(quoted):
        yield select(Order.id).where(Order.buyer_id.in_(buyer))
    yield select(Payment.order_id).where(Payment.reference == words)
    yield select(Payment.order_id).where(Payment.transaction_id == words)
    yield select(Payment.order_id).join(Refund, REFUND_OF).where(Refund.provider_id == words)
    yield select(Payment.order_id).join(Dispute, DISPUTE_OF).where(Dispute.provider_id == words)
    if code is not None:
        yield select(Ticket.order_id).where(Ticket.code == code)
        yield (
            select(Ticket.order_id).join(ReplacedCode, REPLACED_OF).where(ReplacedCode.code == code)
        )


def _title_words(quoted: Quoted) -> list[str]:
    return search_key(quoted.words).split()
