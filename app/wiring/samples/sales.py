"""Who buys what of the samples, and when: spread over weeks, and the same each time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Final

from app.wiring.samples.events import ZONE, SampleEvent
from app.wiring.samples.people import part

LAST_BEFORE: Final = timedelta(hours=3)
"""No order is younger, so that none is of a moment that is still to come."""

RUSH: Final = 0.55
"""The part of the orders that comes towards the end; the others come soon after the beginning."""

CODES_USED: Final = 0.22
REFUNDED: Final = 0.07
AT_DESK: Final = 0.08


class Way(Enum):
    """How an order comes about."""

    ONLINE = auto()
    COMPLIMENTARY = auto()
    CASH = auto()


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order that is placed.

    Attributes:
        number: of its buyer.
        at: when.
        kind: the ticket type's place in its event.
        quantity: how many tickets.
        way: how it comes about.
        code: the promo code's place in its event; ``None``: none is used.
        refund_after: when it is refunded; ``None``: never.
    """

    number: int
    at: datetime
    kind: int
    quantity: int
    way: Way
    code: int | None
    refund_after: timedelta | None


def purchases(event: SampleEvent, *, now: datetime, first_number: int) -> Iterator[Purchase]:
    """The orders of an event, in no order."""
    for number in range(first_number, first_number + event.orders):
        at = _moment(event, number, now=now)
        kind = _kind(event, number)
        is_free = event.new.ticket_types[kind].price == 0
        way = Way.ONLINE if is_free else _way(number)
        uses_code = bool(event.codes) and way is Way.ONLINE and not is_free
        yield Purchase(
            number=number,
            at=at,
            kind=kind,
            quantity=_quantity(event, number),
            way=way,
            code=_code(event, number) if uses_code else None,
            refund_after=_refund_after(event, number, at=at, now=now) if not is_free else None,
        )


def _moment(event: SampleEvent, number: int, *, now: datetime) -> datetime:
    """Within the sale, by day, and more often at its beginning and its end."""
    chance = part("when", event.name, number)
    if part("rush", event.name, number) < RUSH:
        share = 1 - 0.75 * chance**2.2
    else:
        share = 0.7 * chance**1.8
    begun = now - event.on_sale_for
    day = (begun + event.on_sale_for * share).astimezone(ZONE).date()
    hour = 8 + 14 * (part("hour", number) + part("and", number)) / 2
    at = datetime.combine(day, time(), ZONE) + timedelta(hours=hour)
    earliest, latest = begun + timedelta(hours=1), now - LAST_BEFORE
    if not earliest < at < latest:
        at = earliest if at <= earliest else latest
        at -= timedelta(minutes=90) * part("minute", number) * (1 if at == latest else -1)
    return at


def _kind(event: SampleEvent, number: int) -> int:
    chance = part("type", event.name, number)
    for kind, share in enumerate(event.shares):
        chance -= share
        if chance < 0:
            return kind
    return 0


def _quantity(event: SampleEvent, number: int) -> int:
    most = event.new.max_per_buyer or 4
    return 1 + int(part("quantity", number) ** 1.6 * most)


def _way(number: int) -> Way:
    chance = part("way", number)
    if chance < AT_DESK / 2:
        return Way.COMPLIMENTARY
    return Way.CASH if chance < AT_DESK else Way.ONLINE


def _code(event: SampleEvent, number: int) -> int | None:
    if part("uses code", number) > CODES_USED:
        return None
    return int(part("code", number) * len(event.codes))


def _refund_after(
    event: SampleEvent, number: int, *, at: datetime, now: datetime
) -> timedelta | None:
    """Some are; none of an event with a line of people who wait for its places."""
    if event.new.max_per_buyer is not None or part("refund", number) > REFUNDED:
        return None
    after = timedelta(hours=20 + 60 * part("refund after", number))
    return after if at + after < now - LAST_BEFORE else None
