"""The steps of an order that was placed, for every service that sells or releases one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from app.domain.errors import BuyerLimitReached, PromoCodeUsedUp, SalesClosed, SoldOut
from app.domain.operations.faults import FaultPoint, reach
from app.domain.payments import ledger
from app.domain.payments.ledger import Line
from app.domain.payments.refund_notes import EVENT_CANCELLED
from app.domain.ports import IdGenerator, TicketSigner
from app.domain.states import OrderStatus, OutboxKind, TicketStatus, WaitingState
from app.models.orders.orders import Order
from app.models.payments.payments import Receipt
from app.models.tickets.tickets import Ticket
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.order_placement import buyer_actor

log = structlog.get_logger("app.business")
"""What happens to orders and money. Written after the commit, without names and addresses."""

CLOCK: Final = "clock"
PAYSTACK: Final = "paystack"

EVENT_OVER: Final = "the event was over before the money arrived"

UNSOLD: Final = (OrderStatus.PENDING, OrderStatus.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSteps:
    """Sells and releases places, each in the caller's transaction, given as ``work``."""

    ids: IdGenerator
    signer: TicketSigner

    def complete(
        self,
        work: UnitOfWork,
        order: Order,
        *,
        receipt: Receipt | None,
        now: datetime,
        actor: str | None = None,
    ) -> Sequence[Ticket]:
        """Sell a pending order's places, or an expired one's if there are places.

        Issues the tickets, returns them, records the buyer's mail with them, and posts the sale;
        returns none, and changes nothing, if it could not sell. ``receipt`` is ``None`` for a free
        order. The caller has the order locked, so that its status cannot change. ``actor`` sold it;
        ``None``: the provider's word did, or a free order its buyer.

        Raises:
            ValueError: the order was not locked, and its status changed.
            SalesClosed: the event was cancelled; the transaction must not be committed.
        """
        was_held = order.status == OrderStatus.PENDING
        if was_held:
            for item in order.items:
                work.ticket_types.sell_held(item.ticket_type_id, item.quantity)
        elif order.status != OrderStatus.EXPIRED or not sell_late(work, order):
            return ()
        seller = actor or (PAYSTACK if receipt else buyer_actor(order.buyer_id))
        moved = work.orders.move(
            order, from_=order.status, to=OrderStatus.PAID, actor=seller, now=now
        )
        if moved is None:
            raise ValueError("the order was not locked")
        if moved.is_cancelled:
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
        _log_sold(work, order, receipt, tickets)
        return tickets

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
                code=self.ids.short_code(),
                key_id=self.signer.current_key_id,
                link_key=self.ids.token(),
                status=TicketStatus.VALID,
                purchase_date=now,
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
        into=receipt.into,
    )


def why_not_sold(
    work: UnitOfWork, order: Order, *, now: datetime, cancelled: bool = False
) -> str | None:
    """Why money that arrives now buys nothing; ``None`` if the event is still on sale for it.

    Within the hold the event is not read: no hold ends after its event, and the statement that
    writes the sale (``OrderSteps.complete``) tells whether the event was cancelled.

    Args:
        work: the transaction.
        order: what the money is for.
        now: the present moment.
        cancelled: that statement has told that the event was cancelled.
    """
    if order.status not in UNSOLD:
        return None
    if cancelled:
        return EVENT_CANCELLED
    if now < order.expires_at:
        return None
    event = work.events.get(order.event_id)
    if event.cancelled_at is not None:
        return EVENT_CANCELLED
    return EVENT_OVER if now >= event.schedule.is_over_at else None


def sell_late(work: UnitOfWork, order: Order) -> bool:
    """Take the places of an expired order again, all or none; tell whether it did.

    It is asked all that a new order is asked: places, the buyer's limit, a use of the promo code.
    """
    try:
        with work.part():
            _sell(work, order)
    except (SoldOut, BuyerLimitReached, PromoCodeUsedUp):
        return False
    return True


def _sell(work: UnitOfWork, order: Order) -> None:
    event_id, quantity = order.event_id, order.quantity
    # As when places are held: the code first, then the types in id order, then the event.
    if order.promo_code_id is not None and not work.promo_codes.use_again(order.promo_code_id):
        raise PromoCodeUsedUp
    for item in order.items:
        if not work.ticket_types.sell(item.ticket_type_id, item.quantity):
            raise SoldOut(event_id, item.quantity, item.ticket_type_id)
    terms = work.ticket_types.terms(event_id)
    if terms.shared_capacity is not None and not work.events.sell(event_id, quantity):
        raise SoldOut(event_id, quantity)
    if terms.max_per_buyer is not None and not work.buyer_places.take(
        order, most=terms.max_per_buyer
    ):
        raise BuyerLimitReached(event_id, terms.max_per_buyer)


def _log_sold(
    work: UnitOfWork, order: Order, receipt: Receipt | None, tickets: Sequence[Ticket]
) -> None:
    """Tickets were issued, for money or for nothing."""

    def tell() -> None:
        facts: dict[str, object] = {
            "order": order.id,
            "event_id": order.event_id,
            "buyer": order.buyer_id,
        }
        if receipt is not None:
            paid = receipt.amount
            facts["reference"] = receipt.reference
            log.info("order paid", **facts, amount=paid.minor, currency=paid.currency)
        log.info("tickets issued", **facts, tickets=[ticket.id for ticket in tickets])

    work.after_commit(tell)
