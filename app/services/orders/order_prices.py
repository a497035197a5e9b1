"""What the places of an order cost."""

from collections.abc import Sequence

from app.domain.errors import OrderValueInvalid, PromoCodeNotFound
from app.domain.money import (
    MAXIMUM_CHARGE_MINOR,
    MINIMUM_CHARGE_MINOR,
    SUBUNITS_PER_UNIT,
    Money,
)
from app.models.events.promo_codes import PromoCode
from app.models.orders.orders import Order, OrderItem
from app.services.orders.order_requests import RequestedItem


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
