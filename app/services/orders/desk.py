"""The organizer's desk: tickets given away, or sold for money that the organizer takes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.errors import AccountDisabled, EventNotFound, OrderValueInvalid, SalesClosed
from app.domain.ids import EventId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.payments.ledger import Account
from app.domain.permissions import Action
from app.domain.ports import Clock, IdGenerator, WorkSignal
from app.domain.states import OrderKind, OrderStatus, OutboxKind
from app.models.orders.orders import Order, OrderItem
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.order_placement import OrderPlacement, ensure_allowed, hold, requested_of
from app.services.orders.order_steps import OrderSteps
from app.services.orders.orders import OrderDetail, detail_of
from app.services.users.guests import Guest, guest_row

ANY_NUMBER: Final = 1_000_000_000
"""Of places of one buyer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSale:
    """What the organizer hands out, to whom and why.

    Attributes:
        kind: complimentary or cash.
        buyer: who gets the tickets; also named on those that name no other person.
        items: the tickets.
        reason: the first note on the order, which the buyer does not see.
        is_mailed: whether the tickets are mailed to the buyer.
    """

    kind: OrderKind
    buyer: Guest
    items: Sequence[RequestedItem]
    reason: str | None = None
    is_mailed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskService:
    """Sells without Paystack, from the same places as online orders."""

    database: Database
    clock: Clock
    ids: IdGenerator
    placement: OrderPlacement
    orders: OrderSteps
    signal: WorkSignal

    def sell(self, *, event_id: EventId, seller: User, sale: DeskSale) -> OrderDetail:
        """Place an order for a guest, paid for or given away, with its tickets, in one transaction.

        Hidden ticket types are sold without their code, outside the times of sale, in a pause, past
        the waiting list and the limits of an order and of a buyer: these are the organizer's own
        rules. Places count as those of online orders do, and for the buyer's limit as well.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            SalesClosed: the event is a draft, cancelled or over.
            TicketTypeNotFound: a type is not the event's.
            OrderValueInvalid: it has no ticket or one type twice, more attendees than places,
                or cash for what costs nothing.
            SoldOut: fewer places are left than ordered.
            AccountDisabled: an admin disabled the guest with this address.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            self._ensure_may(work, event_id, seller, sale.kind)
            buyer = guest_row(work, sale.buyer, ids=self.ids, now=now)
            items = self._held(work, event_id, sale, now=now)
            order = self._place(work, event_id, buyer, sale, items, seller=seller, now=now)
            payment = self.placement.begin_payment(work, order, at_desk=True, now=now)
            receipt = None
            if sale.kind == OrderKind.CASH:
                receipt = replace(payment.receipt(fee_minor=0, surplus_minor=0), into=Account.CASH)
            self.orders.complete(work, order, receipt=receipt, now=now, actor=seller.actor.name)
            if not sale.is_mailed:
                work.outbox.skip(OutboxKind.TICKETS_ISSUED, order.id)
            if sale.reason is not None:
                work.order_notes.write(order, seller.id, sale.reason, now=now)
            detail = detail_of(work, order)
        self.signal.wake()
        return detail

    @staticmethod
    def _ensure_may(work: UnitOfWork, event_id: EventId, seller: User, kind: OrderKind) -> None:
        event, rights = work.event_access.with_rights(seller.actor, event_id)
        rights.ensure(Action.SELL_AT_DESK, EventNotFound(event_id))
        if kind == OrderKind.CASH:
            rights.ensure(Action.SEE_MONEY, EventNotFound(event_id))
        if event.is_draft:
            raise SalesClosed(event_id)

    @staticmethod
    def _held(
        work: UnitOfWork, event_id: EventId, sale: DeskSale, *, now: datetime
    ) -> list[OrderItem]:
        """The items, whose places are held now."""
        if not sale.items:
            raise OrderValueInvalid("items", "must name at least one ticket type")
        types, schedule = work.ticket_types.on_offer(event_id, even_paused=True)
        if now >= schedule.is_over_at:
            raise SalesClosed(event_id)
        order_request = OrderRequest(event_id=event_id, items=sale.items)
        items = []
        for _, item in requested_of(order_request, types, schedule=schedule, now=now):
            price_minor = hold(work, event_id, item, skips_line=True)
            items.append(
                OrderItem(
                    ticket_type_id=item.ticket_type_id,
                    quantity=item.quantity,
                    unit_price_minor=price_minor if sale.kind == OrderKind.CASH else 0,
                    unit_discount_minor=0,
                    attendees=list(item.attendees),
                )
            )
        return items

    @staticmethod
    def _place(
        work: UnitOfWork,
        event_id: EventId,
        buyer: User,
        sale: DeskSale,
        items: list[OrderItem],
        *,
        seller: User,
        now: datetime,
    ) -> Order:
        terms = work.ticket_types.terms(event_id)
        order = Order(
            buyer_id=buyer.id,
            event_id=event_id,
            items=items,
            total_minor=sum(item.quantity * item.unit_price_minor for item in items),
            discount_minor=0,
            buyer_name=sale.buyer.name,
            currency=terms.currency,
            kind=sale.kind,
            status=OrderStatus.PENDING,
            placed_at=now,
            expires_at=now,
        )
        if sale.kind == OrderKind.CASH and order.total.is_free:
            raise OrderValueInvalid("kind", "must be complimentary: these tickets cost nothing")
        work.orders.place(order, actor=seller.actor.name)
        # The buyer's limit is passed, yet counted.
        limit = None if terms.max_per_buyer is None else ANY_NUMBER
        ensure_allowed(work, order, replace(terms, max_per_buyer=limit, sales_paused_at=None))
        # Placing waits for an account that is being deleted: whether it was is read behind it.
        if work.orders.unpaid_of(event_id, buyer.id).is_disabled:
            raise AccountDisabled
        return order
