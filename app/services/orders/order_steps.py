"""The steps of an order, used by every service that places, sells or releases one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from app.domain.errors import (
    BuyerLimitReached,
    SalesClosed,
    SoldOut,
)
from app.domain.ids import EventId, UserId
from app.domain.operations.faults import FaultPoint, reach
from app.domain.payments import ledger
from app.domain.payments.ledger import Line
from app.domain.payments.receipts import Receipt
from app.domain.ports import IdGenerator, TicketSigner
from app.domain.states import OrderStatus, OutboxKind, TicketStatus, WaitingState
from app.models.orders.orders import Order, OrderChange
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.events.events import Terms
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.business_log import log_sold
from app.services.orders.hold_limits import HoldLimits
from app.services.orders.late_sales import sell_late
from app.services.orders.order_codes import OrderCodes
from app.services.orders.order_prices import ensure_promo_helps, priced
from app.services.orders.order_requests import OrderRequest, RequestedItem, requested_of

CLOCK = "clock"
PAYSTACK = "paystack"
WAITING_LIST = "waiting-list"


def buyer_actor(buyer_id: UserId) -> str:
    """How an order's history names its buyer."""
    return f"buyer:{buyer_id}"


class Placed(NamedTuple):
    """An order just placed, what it is subject to, and the first step of its history."""

    order: Order
    terms: Terms
    step: OrderChange


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSteps:
    """The steps of an order. Each joins the caller's transaction, given as ``work``."""

    ids: IdGenerator
    signer: TicketSigner
    hold_for: timedelta
    codes: OrderCodes
    limits: HoldLimits

    def place(
        self,
        work: UnitOfWork,
        *,
        buyer: User,
        order_request: OrderRequest,
        now: datetime,
        offer_for: timedelta | None = None,
    ) -> Placed:
        """Hold all the places wanted, or none.

        Types are held in id order, so that two orders never wait for each other. With
        ``offer_for`` it is the waiting list that places the order, for that long and whatever else
        the buyer has not paid.

        Raises:
            EventNotFound: no event has this id.
            TicketTypeNotFound: a type is not the event's, or needs another access code.
            SalesClosed: a type is not on sale now.
            QuantityNotAllowed: fewer or more of a type than one order may hold.
            OrderValueInvalid: a type is named twice, more attendees than places, or all of it
                costs less or more than Paystack charges.
            SoldOut: fewer places are left than wanted.
            BuyerLimitReached: the buyer would have more places than the event allows, or more
                free ones than one account may have.
            PromoCodeNotFound: the code is not the event's, or not good for these tickets.
            PromoCodeNotBegun: it is good from a later moment on.
            PromoCodeUsedUp: it has been used as often as it may be, or has ended.
            TooManyPromoCodes: too many wrong ones were tried; see ``CodeKind``.
            TooManyGuesses: the same of access codes.
            NotLoggedIn: the buyer's account was deleted or disabled in this moment.
            TooManyUnpaidPlaces: the buyer holds too much of the event unpaid.
            TooManyLapsedHolds: the buyer has held places of the event for too long unpaid.
            EmailNotConfirmed: that many places need a confirmed address.
        """
        types, schedule = work.ticket_types.on_offer(order_request.event_id)
        wanted = requested_of(order_request, types, schedule=schedule, now=now)
        self.codes.try_access(
            work, buyer.id, order_request, [wanted_type for wanted_type, _ in wanted], now=now
        )
        for ticket_type, item in wanted:
            ticket_type.ensure_sold_to(
                access_code=order_request.access_code,
                quantity=item.quantity,
                schedule=schedule,
                now=now,
            )
        if offer_for is None:
            self.limits.ensure_not_paused(work, buyer, order_request.event_id, now=now)
        promo = self.codes.use_promo(work, buyer.id, order_request, now=now)
        held = [
            (item, self._hold(work, order_request.event_id, item, skips_line=offer_for is not None))
            for _, item in wanted
        ]
        terms = work.events.terms(order_request.event_id)
        items = priced(held, promo, currency=terms.currency)
        order = Order(
            buyer_id=buyer.id,
            event_id=order_request.event_id,
            items=items,
            total_minor=sum(item.quantity * item.unit_price_minor for item in items),
            discount_minor=sum(item.quantity * item.unit_discount_minor for item in items),
            promo_code_id=promo.id if promo else None,
            request_key=order_request.key,
            buyer_name=order_request.buyer_name,
            currency=terms.currency,
            status=OrderStatus.PENDING,
            placed_at=now,
            expires_at=min(now + (offer_for or self.hold_for), schedule.is_over_at),
            closed_at=None,
        )
        actor = WAITING_LIST if offer_for else buyer_actor(buyer.id)
        step = work.orders.place(order, actor=actor)
        ensure_promo_helps(order)
        self._ensure_allowed(work, order, terms)
        if offer_for is None:
            self.limits.ensure_few(work, buyer, order, max_per_buyer=terms.max_per_buyer)
        reach(FaultPoint.HOLD_WRITTEN)
        return Placed(order, terms, step)

    def complete(
        self,
        work: UnitOfWork,
        order: Order,
        *,
        receipt: Receipt | None,
        actor: str,
        now: datetime,
    ) -> Sequence[Ticket]:
        """Sell a pending order's places, or an expired one's if there are places.

        Issues the tickets, returns them, promises the buyer a mail with them, and posts the sale;
        returns none, and changes nothing, if it could not sell. ``receipt`` is ``None`` for a free
        order. The caller has the order locked, so that its status cannot change.

        Raises:
            ValueError: the order was not locked, and its status changed.
            SalesClosed: the event was called off; the transaction must not be committed.
        """
        was_held = order.status == OrderStatus.PENDING
        if was_held:
            for item in order.items:
                work.ticket_types.sell_held(item.ticket_type_id, item.quantity)
        elif order.status != OrderStatus.EXPIRED or not sell_late(work, order):
            return ()
        moved = work.orders.move(
            order, from_=order.status, to=OrderStatus.PAID, actor=actor, now=now
        )
        if moved is None:
            raise ValueError("the order was not locked")
        if moved.is_called_off:
            # Read behind the lock of the ticket type: who calls an event off waits for that, so no
            # ticket is issued later.
            raise SalesClosed(order.event_id)
        tickets = self._tickets(order, now=now)
        work.tickets.issue(tickets)
        work.outbox.enqueue(OutboxKind.TICKETS_ISSUED, order.id, event_id=order.event_id, now=now)
        work.ledger.post(
            f"sale:payment:{receipt.payment_id}" if receipt else f"sale:order:{order.id}",
            _lines(order, receipt),
            currency=order.currency,
            event_id=order.event_id,
            now=now,
        )
        reach(FaultPoint.TICKETS_WRITTEN)
        if was_held and moved.shares_capacity:
            work.events.sell_held(order.event_id, order.quantity)
        if moved.was_offered:
            work.waiting.close_of_order(order.id, to=WaitingState.BOUGHT)
        log_sold(work, order, receipt, tickets)
        return tickets

    def give_away(self, work: UnitOfWork, order: Order, *, now: datetime) -> Sequence[Ticket]:
        """Complete an order that costs nothing; one that does is left as it is.

        Raises:
            SalesClosed: the event was called off.
        """
        if not order.total.is_free:
            return ()
        actor = buyer_actor(order.buyer_id)
        return self.complete(work, order, receipt=None, actor=actor, now=now)

    @staticmethod
    def release(
        work: UnitOfWork,
        order: Order,
        *,
        now: datetime,
        to: OrderStatus = OrderStatus.EXPIRED,
        actor: str = CLOCK,
        reason: str | None = None,
    ) -> bool:
        """Put a pending order's places back on sale; tell whether it was still pending."""
        moved = work.orders.move(
            order, from_=OrderStatus.PENDING, to=to, actor=actor, now=now, reason=reason
        )
        if moved is not None:
            # The code before the places, as when they were held: no deadlock.
            if order.promo_code_id is not None:
                work.promo_codes.unuse(order.promo_code_id)
            for item in order.items:
                work.ticket_types.release(item.ticket_type_id, item.quantity)
            work.events.release(order.event_id, order.quantity)
            work.buyer_places.give_up(order.event_id, order.buyer_id, order.quantity)
            if moved.was_offered:
                work.waiting.close_of_order(order.id, to=WaitingState.LAPSED)
        return moved is not None

    @staticmethod
    def _hold(work: UnitOfWork, event_id: EventId, item: RequestedItem, *, skips_line: bool) -> int:
        price_minor = work.ticket_types.hold(
            item.ticket_type_id, item.quantity, skips_line=skips_line
        )
        if price_minor is None:
            raise SoldOut(event_id, item.quantity, item.ticket_type_id)
        return price_minor

    @staticmethod
    def _ensure_allowed(work: UnitOfWork, order: Order, terms: Terms) -> None:
        if terms.cancelled_at is not None:
            # Called off since the ticket types were read.
            raise SalesClosed(order.event_id)
        if terms.shared_capacity is not None and not work.events.hold(
            order.event_id, order.quantity
        ):
            raise SoldOut(order.event_id, order.quantity)
        if terms.max_per_buyer is not None and not work.buyer_places.take(
            order, most=terms.max_per_buyer
        ):
            raise BuyerLimitReached(order.event_id, terms.max_per_buyer)

    def _tickets(self, order: Order, *, now: datetime) -> list[Ticket]:
        places = [
            (item, item.attendees[place] if place < len(item.attendees) else order.buyer_name)
            for item in order.items
            for place in range(item.quantity)
        ]
        return [
            Ticket(
                order_id=order.id,
                number=number,
                version=1,
                user_id=order.buyer_id,
                event_id=order.event_id,
                ticket_type_id=item.ticket_type_id,
                attendee_name=attendee,
                paid_minor=item.unit_price_minor,
                refund_id=None,
                code=self.ids.short_code(),
                key_id=self.signer.current_key_id,
                link_key=self.ids.token(),
                status=TicketStatus.VALID,
                purchase_date=now,
                used_at=None,
            )
            for number, (item, attendee) in enumerate(places, start=1)
        ]


def _lines(order: Order, receipt: Receipt | None) -> Sequence[Line]:
    """The posting of a sale; of one for nothing only what the discount took off."""
    if receipt is None:
        return ledger.sale(paid_minor=0, discount_minor=order.discount_minor, fee_minor=0)
    return ledger.sale(
        paid_minor=receipt.amount.minor,
        discount_minor=order.discount_minor,
        fee_minor=receipt.fee_minor or 0,
        surplus_minor=receipt.surplus_minor,
    )
