"""Selling places that were given up before their money arrived."""

from datetime import datetime
from typing import Final

from app.domain.errors import BuyerLimitReached, PromoCodeUsedUp, SoldOut
from app.domain.states import OrderStatus
from app.models.orders.orders import Order
from app.repositories.unit_of_work import UnitOfWork

EVENT_OVER: Final = "the event was over before the money arrived"
EVENT_CALLED_OFF: Final = "the event was called off"

UNSOLD: Final = (OrderStatus.PENDING, OrderStatus.EXPIRED)


def why_not_sold(
    work: UnitOfWork, order: Order, *, now: datetime, called_off: bool = False
) -> str | None:
    """Why nothing is sold for money that arrives now, or ``None``: nothing about the event.

    Within the hold the event is not read: no hold lasts beyond it, and whether it was called off
    is learned when the sale is written (``OrderSteps.complete``). ``called_off``: it was.
    """
    if order.status not in UNSOLD:
        return None
    if called_off:
        return EVENT_CALLED_OFF
    if now < order.expires_at:
        return None
    event = work.events.get(order.event_id)
    if event.cancelled_at is not None:
        return EVENT_CALLED_OFF
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
    terms = work.events.terms(event_id)
    if terms.shared_capacity is not None and not work.events.sell(event_id, quantity):
        raise SoldOut(event_id, quantity)
    if terms.max_per_buyer is not None and not work.buyer_places.take(
        order, most=terms.max_per_buyer
    ):
        raise BuyerLimitReached(event_id, terms.max_per_buyer)
