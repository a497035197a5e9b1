"""Orders as the organizer of their event looks for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from app.domain.ids import MAX_ID, EventId, OrderId
from app.domain.orders.orders import OrderFilter
from app.domain.paging import Cursor, Page
from app.domain.states import OutboxKind
from app.domain.text import address_key, name_key
from app.domain.tickets.ticket_codes import is_typed, typed
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.base import Repository, filled

M: Final = OutboxMessage
ABOUT_ORDERS: Final = (OutboxKind.TICKETS_ISSUED, OutboxKind.PLACES_OFFERED)
ABOUT_REFUNDS: Final = (
    OutboxKind.PAYMENT_RETURNED,
    OutboxKind.TICKETS_REFUNDED,
    OutboxKind.MONEY_REFUNDED,
    OutboxKind.REFUND_DELAYED,
)
NAME: Final = func.coalesce(Order.buyer_name, User.full_name)
LONGEST_NUMBER: Final = len(str(MAX_ID))


@dataclass(frozen=True, slots=True)
class EventOrder:
    order: Order
    username: str
    full_name: str | None
    email: str


class EventOrderRepository(Repository):
    def page(
        self, event_id: EventId, which: OrderFilter, *, after: Cursor | None, limit: int
    ) -> Page[EventOrder]:
        """One page of the event's orders, the newest first."""
        statement = (
            select(Order, User.username, NAME.label("full_name"), User.email)
            .join(User, User.id == Order.buyer_id)
            .where(Order.event_id == event_id, *_conditions(which))
            .options(selectinload(Order.items))
        )
        page = self._page(statement, Order.placed_at, Order.id, after=after, limit=limit)
        return page.of(lambda row: filled(EventOrder, row, order=row.Order))

    def mails_about(self, order_id: OrderId) -> Sequence[OutboxMessage]:
        """The mails to its buyer about an order, its payments and refunds, the oldest first."""
        payments = select(Payment.id).where(Payment.order_id == order_id)
        refunds = select(Refund.id).where(Refund.payment_id.in_(payments))
        about = or_(
            and_(M.kind.in_(ABOUT_ORDERS), M.subject_id == order_id),
            and_(M.kind == OutboxKind.PAYMENT_FAILED, M.subject_id.in_(payments)),
            and_(M.kind.in_(ABOUT_REFUNDS), M.subject_id.in_(refunds)),
        )
        return self._db.scalars(select(M).where(about).order_by(M.created_at, M.id)).all()


def _conditions(which: OrderFilter) -> Iterator[ColumnElement[bool]]:
    """What the rows of such orders fulfil."""
    if which.status is not None:
        yield Order.status == which.status
    if which.words is not None:
        yield or_(*_quoted(which.words))


def _quoted(words: str) -> Iterator[ColumnElement[bool]]:
    """Each way in which the words may name an order."""
    number = words.removeprefix("#")
    if number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER:
        yield Order.id == int(number)
    yield User.username_key.contains(name_key(words), autoescape=True)
    yield User.email_key.contains(address_key(words), autoescape=True)
    yield has_words(NAME, words)
    yield exists().where(
        Payment.order_id == Order.id,
        Payment.event_id == Order.event_id,
        Payment.reference == words,
    )
    tickets = and_(Ticket.order_id == Order.id, Ticket.event_id == Order.event_id)
    yield exists().where(tickets, has_words(Ticket.attendee_name, words))
    if is_typed(words):
        yield exists().where(tickets, Ticket.code == typed(words))


def has_words(column: Any, words: str) -> ColumnElement[bool]:
    """Whether the text has the words, in any case; SQLite knows that of ASCII letters only."""
    return or_(
        func.lower(column).contains(words.lower(), autoescape=True),
        column.contains(words, autoescape=True),
    )
