from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, select

from app.domain.ids import EventId, OrderId, OrganizationId, RefundId, TicketId, UserId
from app.domain.listings import TicketListing
from app.domain.paging import Cursor, Page
from app.domain.states import OrderKind, PaymentStatus, RefundState
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.base import Repository, filled
from app.repositories.tickets.tickets import LISTING


@dataclass(frozen=True, slots=True)
class RefundListing:
    """A refund with what it is about.

    Without tickets, it gives back money that bought nothing, or money alone.
    """

    refund: Refund
    order_id: OrderId
    event_id: EventId
    reference: str
    buyer_id: UserId
    order_kind: OrderKind
    username: str
    bought_tickets: bool
    """Whether its payment did."""
    ticket_ids: Sequence[TicketId]

    @property
    def keeps_tickets(self) -> bool:
        """Whether money alone goes back: the tickets it was paid for stay valid."""
        return self.bought_tickets and not self.ticket_ids


class RefundListingRepository(Repository):
    """Refunds as people see them."""

    def get(self, refund_id: RefundId) -> RefundListing:
        (listing,) = self._listings(_all().where(Refund.id == refund_id))
        return listing

    def find(self, refund_id: RefundId) -> RefundListing | None:
        found = self._listings(_all().where(Refund.id == refund_id))
        return found[0] if found else None

    def of_order(self, order_id: OrderId) -> Sequence[RefundListing]:
        """The refunds of an order, oldest first."""
        return self._listings(
            _all().where(Payment.order_id == order_id).order_by(Refund.requested_at, Refund.id)
        )

    def tickets_of(self, refund_id: RefundId) -> Sequence[TicketListing]:
        """The tickets that were refunded for it."""
        statement = LISTING.where(Ticket.refund_id == refund_id).order_by(Ticket.number)
        return [filled(TicketListing, row) for row in self._db.execute(statement)]

    def page(
        self,
        *,
        organizations: Sequence[OrganizationId] | None,
        event_id: EventId | None,
        state: RefundState | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[RefundListing]:
        """One page, the newest first; ``None`` does not filter."""
        statement = _all()
        if organizations is not None:
            statement = statement.join(Event, Event.id == Refund.event_id).where(
                Event.organization_id.in_(organizations)
            )
        if event_id is not None:
            statement = statement.where(Refund.event_id == event_id)
        if state is not None:
            statement = statement.where(Refund.state == state)
        moment, key = Refund.requested_at, Refund.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return Page(self._with_tickets(page.items), page.next)

    def _listings(self, statement: Select[*tuple[Any, ...]]) -> Sequence[RefundListing]:
        return self._with_tickets(self._db.execute(statement).all())

    def _with_tickets(self, rows: Sequence[Row[*tuple[Any, ...]]]) -> Sequence[RefundListing]:
        tickets: dict[RefundId, list[TicketId]] = {row.Refund.id: [] for row in rows}
        found = self._db.execute(
            select(Ticket.refund_id, Ticket.id)
            .where(Ticket.refund_id.in_(list(tickets)))
            .order_by(Ticket.id)
        )
        for refund_id, ticket_id in found:
            tickets[RefundId(refund_id or 0)].append(ticket_id)
        return [
            RefundListing(
                refund=row.Refund,
                order_id=row.order_id,
                event_id=row.event_id,
                reference=row.reference,
                buyer_id=row.buyer_id,
                order_kind=row.order_kind,
                username=row.username,
                bought_tickets=row.payment_status == PaymentStatus.SUCCEEDED,
                ticket_ids=tickets[row.Refund.id],
            )
            for row in rows
        ]


def _all() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Refund,
            Payment.order_id,
            Payment.event_id,
            Payment.reference,
            Payment.status.label("payment_status"),
            Order.buyer_id,
            Order.kind.label("order_kind"),
            User.username,
        )
        .join(Payment, and_(Payment.id == Refund.payment_id, Payment.event_id == Refund.event_id))
        .join(Order, and_(Order.id == Payment.order_id, Order.event_id == Payment.event_id))
        .join(User, User.id == Order.buyer_id)
        .execution_options(populate_existing=True)
    )
