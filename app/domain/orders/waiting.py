"""Which entries a waiting list shows, and why a wait for places ends without an offer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.languages import marked
from app.domain.states import WaitingState


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFilter:
    """Which entries to list.

    ``state`` ``None`` lists those that wait or have an offer; of those without a confirmed address
    none is listed. ``words`` are a part of the user name, the full name or the address, in any
    case; ``None`` does not filter.
    """

    state: WaitingState | None = None
    words: str | None = None


OPEN_ENTRIES: Final = WaitingFilter()


class WaitingEnd(StrEnum):
    """Why the shop ended an entry of a waiting list."""

    ACCOUNT_DISABLED = "account-disabled"
    EVENT_CANCELLED = "event-cancelled"
    SALE_OVER = "sale-over"
    HIDDEN = "hidden"
    TOO_FEW_PLACES = "too-few-places"
    QUANTITY_NOT_ALLOWED = "quantity-not-allowed"
    BUYER_LIMIT = "buyer-limit"
    REMOVED = "removed"


WORDS: Final[dict[WaitingEnd, str]] = {
    WaitingEnd.ACCOUNT_DISABLED: marked("your account was disabled"),
    WaitingEnd.EVENT_CANCELLED: marked("the event was cancelled"),
    WaitingEnd.SALE_OVER: marked("the sale has ended"),
    WaitingEnd.HIDDEN: marked("this kind of ticket is not sold to everybody any more"),
    WaitingEnd.TOO_FEW_PLACES: marked("there are fewer places now than you asked for"),
    WaitingEnd.QUANTITY_NOT_ALLOWED: marked("this kind of ticket is sold in other quantities now"),
    WaitingEnd.BUYER_LIMIT: marked("you would have more places than one buyer may have"),
    WaitingEnd.REMOVED: marked("the organizer took you off the list"),
}
"""The same for people: what a mail puts behind "because"."""
