"""What may be changed about an event that is on sale, and what that costs it."""

from collections.abc import Sequence

from app.domain.errors import CapacityTooSmall, EventHasOrders, EventValueInvalid
from app.domain.events.changes import UNCHANGED, EventChanges, after
from app.domain.ids import EventId
from app.domain.money import Money
from app.domain.states import DiscountKind
from app.models.events.events import Event
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.ticket_types import ensure_chargeable, payable


def edit_limits(
    work: UnitOfWork, event: Event, types: Sequence[TicketType], changes: EventChanges
) -> None:
    """Set the capacities that change.

    The caller has locked the types.

    Raises:
        CapacityTooSmall: places sold or held would be lost.
        EventValueInvalid: the event has several types, each with a capacity of its own.
    """
    if changes.capacity is not UNCHANGED:
        only = _only(types, "capacity")
        if not work.ticket_types.set_capacity(only.id, changes.capacity):
            raise CapacityTooSmall(only.taken)
    if changes.shared_capacity is not UNCHANGED:
        capacity = changes.shared_capacity
        held, sold = sum(t.held for t in types), sum(t.sold for t in types)
        if capacity is not None and held + sold > capacity:
            raise CapacityTooSmall(held + sold)
        work.events.set_capacity(event.id, capacity, held=held, sold=sold)
    if changes.max_per_buyer is None:
        work.buyer_places.forget(event.id)


def edit_price(
    work: UnitOfWork,
    event: Event,
    types: Sequence[TicketType],
    codes: Sequence[PromoCode],
    changes: EventChanges,
) -> None:
    """Set the price if it changes, and see that all can be paid, also in another currency.

    Promo codes of a fixed amount end with the currency it was in. The caller has locked them.

    Raises:
        EventHasOrders: the currency would change although there are orders.
        EventValueInvalid: the event has several types, each with a price of its own.
        PriceNotPayable: Paystack does not charge such an amount.
    """
    currency = after(changes.currency, event.currency)
    if currency != event.currency:
        ensure_unordered(work, event.id)
    if changes.price is not UNCHANGED:
        price = payable(changes.price, currency)
        only = _only(types, "ticket_price")
        only.price_minor = price.minor
        ensure_chargeable(only, currency)
        work.ticket_types.save(only)
        event.price_minor = work.ticket_types.lowest_price(event.id) or 0
    if currency != event.currency:
        for ticket_type in types:
            price = Money(ticket_type.price_minor, currency)
            payable(price.major, currency, field="currency")
        for code in codes:
            if code.kind == DiscountKind.FIXED:
                work.promo_codes.delete(code)


def apply(event: Event, changes: EventChanges) -> None:
    """Set the event's own values that change, but for price and capacities."""
    event.title = after(changes.title, event.title)
    event.category = after(changes.category, event.category)
    event.location = after(changes.location, event.location)
    event.description = after(changes.description, event.description)
    event.image_url = after(changes.image_url, event.image_url)
    event.starts_at = after(changes.starts_at, event.starts_at)
    event.ends_at = after(changes.ends_at, event.ends_at)
    event.all_day = after(changes.all_day, event.all_day)
    event.doors_open_at = after(changes.doors_open_at, event.doors_open_at)
    event.time_zone = after(changes.time_zone, event.time_zone)
    event.currency = after(changes.currency, event.currency)
    event.max_per_buyer = after(changes.max_per_buyer, event.max_per_buyer)
    event.refund_hours = after(changes.refund_hours, event.refund_hours)
    event.reentry = after(changes.reentry, event.reentry)
    event.terms = after(changes.terms, event.terms)


def ensure_unordered(work: UnitOfWork, event_id: EventId) -> None:
    """Refuse if a ticket was ordered.

    Raises:
        EventHasOrders: one was.
    """
    if work.events.has_orders(event_id):
        raise EventHasOrders(event_id)


def _only(types: Sequence[TicketType], field: str) -> TicketType:
    """The one ticket type the short way speaks of."""
    if len(types) > 1:
        raise EventValueInvalid(field, "belongs to each of its ticket types: change those")
    return types[0]
