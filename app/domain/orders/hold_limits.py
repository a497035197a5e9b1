"""How much one account may hold of an event without paying, and pauses after unpaid holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import (
    BuyerLimitReached,
    EmailNotConfirmed,
    NotLoggedIn,
    TooManyLapsedHolds,
    TooManyUnpaidPlaces,
)
from app.domain.ids import EventId

REMEMBERED_FOR: Final = timedelta(days=1)
"""How long a hold that ended unpaid counts."""

FREE_OF_PAUSE: Final = 1
"""How many whole holds cost no pause: everybody's session is interrupted once."""

MOST_ENDED: Final = 500
"""How many holds may end within a day, however short they were: no more of them are read."""


@dataclass(frozen=True, slots=True)
class EndedHold:
    """A hold that ended unpaid: it was cancelled, or its time was over."""

    placed_at: datetime
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class Unpaid:
    """What a buyer has of an event that waits for money, and what cost nothing."""

    orders: int
    places: int
    free_places: int
    is_disabled: bool
    """The buyer's account is disabled, or was deleted."""


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
        self, event_id: EventId, ended: Iterable[EndedHold], *, now: datetime
    ) -> None:
        """Refuse a buyer who has held places of the event for too long without paying.

        Raises:
            TooManyLapsedHolds: the pause is not over.
        """
        until = paused_until(ended, hold_for=self.hold_for, pause=self.pause)
        if until is not None and now < until:
            raise TooManyLapsedHolds(event_id, until - now)

    def ensure_few(
        self,
        event_id: EventId,
        unpaid: Unpaid,
        *,
        quantity: int,
        is_free: bool,
        is_confirmed: bool,
        max_per_buyer: int | None,
    ) -> None:
        """Refuse an order just placed if its buyer would have too many unpaid or free places.

        Args:
            event_id: the order's.
            unpaid: what the buyer has, this order included, which is pending yet.
            quantity: places of the order.
            is_free: it costs nothing.
            is_confirmed: the buyer's address is.
            max_per_buyer: what the event's organizer allows; it goes before our limit of free
                places.

        Raises:
            NotLoggedIn: the account was deleted or disabled in this moment.
            TooManyUnpaidPlaces: more orders or places than one account may hold at a time.
            BuyerLimitReached: more free places than one account may have.
            EmailNotConfirmed: more places than an account may have whose address is not confirmed.
        """
        if unpaid.is_disabled:
            raise NotLoggedIn
        if is_free and is_confirmed and max_per_buyer is not None:
            return
        if not is_free and (unpaid.orders > self.orders or unpaid.places > self.places):
            raise TooManyUnpaidPlaces(event_id, self.orders, self.places)
        free_places = unpaid.free_places + quantity
        if is_free and max_per_buyer is None and free_places > self.free_places:
            raise BuyerLimitReached(event_id, self.free_places)
        if not is_confirmed and unpaid.places + unpaid.free_places > self.unconfirmed_places:
            raise EmailNotConfirmed


def paused_until(
    ended: Iterable[EndedHold], *, hold_for: timedelta, pause: timedelta
) -> datetime | None:
    """When the pause ends that one day's holds of an account and event lead to, if they do.

    What counts is how long places were held, in whole holds, and not how each of them ended: so
    cancelling a little earlier is no way around it, and changing one's mind soon costs nothing.
    The pause begins with the end of the hold that made them one more.

    Args:
        ended: the newest ``MOST_ENDED`` of the day, in any order.
        hold_for: how long a hold lasts; one that was made longer counts as one.
        pause: after the second whole hold; doubled with each further one, at most a day.
    """
    holds = sorted(ended, key=lambda hold: hold.closed_at)
    if len(holds) >= MOST_ENDED:
        return holds[0].closed_at + REMEMBERED_FOR
    held, whole, since = timedelta(), 0, None
    for hold in holds:
        held += min(hold.closed_at - hold.placed_at, hold_for)
        if _rounded(held / hold_for) > whole:
            whole, since = _rounded(held / hold_for), hold.closed_at
    counted = whole - FREE_OF_PAUSE
    if since is None or counted <= 0:
        return None
    return since + min(pause * 2.0 ** (counted - 1), REMEMBERED_FOR)


def _rounded(number: float) -> int:
    """To the nearest whole one, a half up."""
    return int(number + 0.5)
