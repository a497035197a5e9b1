"""How much one account may hold of an event without paying."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import EmailNotConfirmed, TooManyLapsedHolds, TooManyUnpaidPlaces
from app.domain.ids import EventId
from app.models.orders import Order
from app.models.users import User
from app.repositories.unit_of_work import UnitOfWork

REMEMBERED_FOR: Final = timedelta(days=1)
"""How long a hold that ended unpaid counts."""

LAPSES_FOR_NOTHING: Final = 1
"""How many of them cost no pause: everybody's session is interrupted once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLimits:
    """Limits per account and event, which keep one account from holding all places for nothing.

    Attributes:
        orders: unpaid orders at a time.
        places: unpaid places at a time.
        unconfirmed_places: places unpaid or free, while the account's address is not confirmed.
        pause: after the second hold that ended unpaid within a day; doubled with each further one.
        hold_for: how long a hold lasts. One that was given up within half of it does not count.
    """

    orders: int
    places: int
    unconfirmed_places: int
    pause: timedelta
    hold_for: timedelta

    def ensure_not_paused(
        self, work: UnitOfWork, buyer: User, event_id: EventId, *, now: datetime
    ) -> None:
        """Refuse a buyer whose last holds of the event ended unpaid.

        Raises:
            TooManyLapsedHolds: the pause is not over.
        """
        lapsed = work.unpaid.lapsed(
            event_id, buyer.id, since=now - REMEMBERED_FOR, held_for=self.hold_for / 2
        )
        counted = len(lapsed) - LAPSES_FOR_NOTHING
        if counted <= 0:
            return
        pause = min(self.pause * 2.0 ** (counted - 1), REMEMBERED_FOR)
        if now < max(lapsed) + pause:
            raise TooManyLapsedHolds(event_id, max(lapsed) + pause - now)

    def ensure_few(self, work: UnitOfWork, buyer: User, order: Order) -> None:
        """Refuse an order just placed if its buyer would have too many unpaid places.

        Raises:
            TooManyUnpaidPlaces: more orders or places than one account may hold at a time.
            EmailNotConfirmed: more places than an account may have whose address is not confirmed.
        """
        is_free = order.total.is_free
        if is_free and buyer.email_confirmed:
            return
        unpaid = work.unpaid.of_buyer(order.event_id, buyer.id)
        if not is_free and (unpaid.orders > self.orders or unpaid.places > self.places):
            raise TooManyUnpaidPlaces(order.event_id, self.orders, self.places)
        places = unpaid.places + unpaid.free_places
        if not buyer.email_confirmed and places > self.unconfirmed_places:
            raise EmailNotConfirmed
