"""How much one account may hold of an event without paying."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import (
    BuyerLimitReached,
    EmailNotConfirmed,
    NotLoggedIn,
    TooManyLapsedHolds,
    TooManyUnpaidPlaces,
)
from app.domain.ids import EventId
from app.domain.orders.hold_pauses import REMEMBERED_FOR, paused_until
from app.models.orders.orders import Order
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLimits:
    """Limits per account and event, which keep one account from holding all places for nothing.

    Attributes:
        orders: unpaid orders at a time.
        places: unpaid places at a time.
        unconfirmed_places: places unpaid or free, while the account's address is not confirmed.
        free_places: free places, where the event sets no limit per buyer.
        pause: see ``paused_until``.
        hold_for: how long a hold lasts.
    """

    orders: int
    places: int
    unconfirmed_places: int
    free_places: int
    pause: timedelta
    hold_for: timedelta

    def ensure_not_paused(
        self, work: UnitOfWork, buyer: User, event_id: EventId, *, now: datetime
    ) -> None:
        """Refuse a buyer who has held places of the event for too long without paying.

        Raises:
            TooManyLapsedHolds: the pause is not over.
        """
        ended = work.unpaid.ended(event_id, buyer.id, since=now - REMEMBERED_FOR)
        until = paused_until(ended, hold_for=self.hold_for, pause=self.pause)
        if until is not None and now < until:
            raise TooManyLapsedHolds(event_id, until - now)

    def ensure_few(
        self, work: UnitOfWork, buyer: User, order: Order, *, max_per_buyer: int | None
    ) -> None:
        """Refuse an order just placed if its buyer would have too many unpaid or free places.

        An account that is being deleted is waited for when the order is written, so whether it
        was is read here, behind that.

        ``max_per_buyer`` is what the event's organizer allows; it goes before our limit of free
        places.

        Raises:
            NotLoggedIn: the account was deleted or disabled in this moment.
            TooManyUnpaidPlaces: more orders or places than one account may hold at a time.
            BuyerLimitReached: more free places than one account may have.
            EmailNotConfirmed: more places than an account may have whose address is not confirmed.
        """
        is_free = order.total.is_free
        unpaid = work.unpaid.of_buyer(order.event_id, buyer.id)
        if unpaid.is_disabled:
            raise NotLoggedIn
        if is_free and buyer.email_confirmed and max_per_buyer is not None:
            return
        if not is_free and (unpaid.orders > self.orders or unpaid.places > self.places):
            raise TooManyUnpaidPlaces(order.event_id, self.orders, self.places)
        free_places = unpaid.free_places + order.quantity
        if is_free and max_per_buyer is None and free_places > self.free_places:
            raise BuyerLimitReached(order.event_id, self.free_places)
        places = unpaid.places + unpaid.free_places
        if not buyer.email_confirmed and places > self.unconfirmed_places:
            raise EmailNotConfirmed
