"""Which orders of an event a list shows."""

from dataclasses import dataclass

from app.domain.states import OrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders to list; ``None`` does not filter.

    ``words`` is what a caller quotes: the number of the order, the reference of a payment, the
    short code of a ticket, or a part of the buyer's user name, full name or address, or of an
    attendee's name, in any case.
    """

    status: OrderStatus | None = None
    words: str | None = None
