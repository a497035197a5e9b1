"""Placing an order: what is asked for, its price, its places, and the attempt to pay for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from app.domain.errors import (
    BuyerLimitReached,
    OrderValueInvalid,
    PromoCodeNotFound,
    SalesClosed,
    SalesPaused,
    SoldOut,
    TicketTypeNotFound,
)
from app.domain.events.schedules import Schedule
from app.domain.ids import EventId, UserId
from app.domain.money import MAXIMUM_CHARGE_MINOR, MINIMUM_CHARGE_MINOR, SUBUNITS_PER_UNIT, Money
from app.domain.operations.faults import FaultPoint, reach
from app.domain.orders.hold_limits import REMEMBERED_FOR, HoldLimits
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.orders.orders import OrderTerms
from app.domain.ports import IdGenerator
from app.domain.states import OrderKind, OrderStatus, PaymentStatus
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import Order, OrderChange, OrderItem
from app.models.payments.payments import Payment
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.order_codes import OrderCodes

WAITING_LIST: Final = "waiting-list"

ASK_FIRST_AFTER: Final = timedelta(minutes=1)
"""When the provider is first asked about an open payment that no webhook settled."""


def buyer_actor(buyer_id: UserId) -> str:
    """How an order's history names its buyer."""
    return f"buyer:{buyer_id}"


class Placed(NamedTuple):
    """An order just placed, what it is subject to, and the first step of its history."""

    order: Order
    terms: OrderTerms
    step: OrderChange


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlacement:
    """Places orders and begins payments, in the caller's transaction, given as ``work``."""

    ids: IdGenerator
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
        """Hold all the places of the order, or none.

        Types are held in id order, so that two orders never wait for each other. With
        ``offer_for`` it is the waiting list that places the order, for that long and whatever else
        the buyer has not paid.

        Raises:
            EventNotFound: no event has this id.
            TicketTypeNotFound: a type is not the event's, or needs another access code.
            SalesClosed: a type is not on sale now.
            SalesPaused: the organizer has paused the event's sales.
            QuantityNotAllowed: fewer or more of a type than one order may hold.
            OrderValueInvalid: a type is named twice, more attendees than places, or all of it
                costs less or more than Paystack charges.
            SoldOut: fewer places are left than ordered.
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
        event_id = order_request.event_id
        types, schedule = work.ticket_types.on_offer(event_id)
        if order_request.access_code is not None:
            # First: a hidden type is refused like one that does not exist, and costs as much.
            self.codes.try_access(work, buyer, order_request, types, now=now)
        wanted = requested_of(order_request, types, schedule=schedule, now=now)
        for ticket_type, item in wanted:
            ticket_type.ensure_sold_to(
                access_code=order_request.access_code,
                quantity=item.quantity,
                schedule=schedule,
                now=now,
            )
        if offer_for is None:
            ended = work.orders.ended_unpaid(event_id, buyer.id, since=now - REMEMBERED_FOR)
            self.limits.ensure_not_paused(event_id, ended, now=now)
        promo = None
        if order_request.promo_code is not None:
            code = order_request.promo_code
            promo = self.codes.use_promo(work, buyer, order_request, code, now=now)
        held = [
            (item, hold(work, event_id, item, skips_line=offer_for is not None))
            for _, item in wanted
        ]
        terms = work.ticket_types.terms(event_id)
        items = priced(held, promo, currency=terms.currency)
        order = Order(
            buyer_id=buyer.id,
            event_id=event_id,
            items=items,
            total_minor=sum(item.quantity * item.unit_price_minor for item in items),
            discount_minor=sum(item.quantity * item.unit_discount_minor for item in items),
            promo_code_id=promo.id if promo else None,
            request_key=order_request.key,
            buyer_name=order_request.buyer_name,
            language=order_request.language,
            currency=terms.currency,
            kind=OrderKind.ONLINE,
            status=OrderStatus.PENDING,
            placed_at=now,
            expires_at=min(now + (offer_for or self.hold_for), schedule.is_over_at),
            closed_at=None,
        )
        actor = WAITING_LIST if offer_for else buyer_actor(buyer.id)
        step = work.orders.place(order, actor=actor)
        ensure_promo_helps(order)
        ensure_allowed(work, order, terms)
        if offer_for is None:
            # Placing waits for an account that is being deleted: whether it was is read behind it.
            self.limits.ensure_few(
                event_id,
                work.orders.unpaid_of(event_id, buyer.id),
                quantity=order.quantity,
                is_free=order.total.is_free,
                is_confirmed=buyer.email_confirmed,
                max_per_buyer=terms.max_per_buyer,
            )
        reach(FaultPoint.HOLD_WRITTEN)
        return Placed(order, terms, step)

    def begin_payment(
        self, work: UnitOfWork, order: Order, *, at_desk: bool = False, now: datetime
    ) -> Payment:
        """Store an attempt to pay under a new reference, before the provider is called.

        An order that costs nothing, or is placed at the desk, is paid by this alone, without any
        provider.
        """
        is_paid = at_desk or order.total.is_free
        payment = Payment(
            order_id=order.id,
            event_id=order.event_id,
            reference=self.ids.payment_reference(),
            status=PaymentStatus.SUCCEEDED if is_paid else PaymentStatus.STARTING,
            amount_minor=order.total_minor,
            currency=order.currency,
            surplus_minor=0,
            started_at=now,
            settled_at=now if is_paid else None,
            # Only matters if this process dies before the provider's answer is stored.
            ask_at=None if is_paid else now + ASK_FIRST_AFTER,
        )
        work.payments.begin(payment)
        return payment


def requested_of(
    order_request: OrderRequest, types: Sequence[TicketType], *, schedule: Schedule, now: datetime
) -> list[tuple[TicketType, RequestedItem]]:
    """The items of the order, each with its ticket type, in id order."""
    if not order_request.items:
        shown = [t for t in types if t.access_code is None] or types
        first = next((t for t in shown if t.is_on_sale(schedule=schedule, now=now)), shown[0])
        return [(first, RequestedItem(ticket_type_id=first.id, quantity=first.min_per_order))]
    by_id = {ticket_type.id: ticket_type for ticket_type in types}
    wanted: list[tuple[TicketType, RequestedItem]] = []
    for item in sorted(order_request.items, key=lambda item: item.ticket_type_id):
        if item.ticket_type_id not in by_id:
            raise TicketTypeNotFound(item.ticket_type_id)
        if wanted and wanted[-1][1].ticket_type_id == item.ticket_type_id:
            raise OrderValueInvalid("items", "must name each ticket type once")
        if len(item.attendees) > item.quantity:
            raise OrderValueInvalid("items", "must not name more attendees than places")
        wanted.append((by_id[item.ticket_type_id], item))
    return wanted


def hold(work: UnitOfWork, event_id: EventId, item: RequestedItem, *, skips_line: bool) -> int:
    """Hold the places of an item; return the price of one, in minor units.

    Raises:
        SoldOut: fewer are left.
    """
    price_minor = work.ticket_types.hold(item.ticket_type_id, item.quantity, skips_line=skips_line)
    if price_minor is None:
        raise SoldOut(event_id, item.quantity, item.ticket_type_id)
    return price_minor


def ensure_allowed(work: UnitOfWork, order: Order, terms: OrderTerms) -> None:
    """Refuse an order whose places are held, but which the event does not allow.

    Raises:
        SalesClosed: the event was cancelled in this moment.
        SoldOut: the event shares fewer places than its types have.
        BuyerLimitReached: the buyer would have too many places.
    """
    if terms.cancelled_at is not None:
        # Cancelled since the ticket types were read.
        raise SalesClosed(order.event_id)
    if terms.sales_paused_at is not None:
        raise SalesPaused(order.event_id)
    if terms.shared_capacity is not None and not work.events.hold(order.event_id, order.quantity):
        raise SoldOut(order.event_id, order.quantity)
    if terms.max_per_buyer is not None and not work.buyer_places.take(
        order, most=terms.max_per_buyer
    ):
        raise BuyerLimitReached(order.event_id, terms.max_per_buyer)


def priced(
    held: Sequence[tuple[RequestedItem, int]], promo: PromoCode | None, *, currency: str
) -> list[OrderItem]:
    """The items of an order whose places are held, each at this price in minor units.

    The currency was read behind the hold: changing it takes the lock of all types.

    Raises:
        OrderValueInvalid: together they cost more than Paystack charges at once.
    """
    items = [_priced(item, Money(minor, currency), promo) for item, minor in held]
    if sum(item.quantity * item.unit_price_minor for item in items) > MAXIMUM_CHARGE_MINOR:
        largest = f"{MAXIMUM_CHARGE_MINOR // SUBUNITS_PER_UNIT:,}"
        rule = f"must not cost more than {largest} together, the most Paystack charges at once"
        raise OrderValueInvalid("items", rule)
    return items


def _priced(item: RequestedItem, price: Money, promo: PromoCode | None) -> OrderItem:
    off = promo.off(price, item.ticket_type_id) if promo else 0
    return OrderItem(
        ticket_type_id=item.ticket_type_id,
        quantity=item.quantity,
        unit_price_minor=price.minor - off,
        unit_discount_minor=off,
        attendees=list(item.attendees),
    )


def ensure_promo_helps(order: Order) -> None:
    """Refuse a code that changes nothing, or leaves less to pay than Paystack charges.

    Raises:
        PromoCodeNotFound: it is not good for these tickets.
        OrderValueInvalid: too little is left.
    """
    if order.promo_code_id is None:
        return
    if order.discount_minor == 0:
        raise PromoCodeNotFound
    if 0 < order.total_minor < MINIMUM_CHARGE_MINOR[order.currency]:
        raise OrderValueInvalid("promo_code", "leaves less to pay than Paystack charges")
