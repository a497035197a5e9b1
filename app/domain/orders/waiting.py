"""Why a wait for places ends without an offer."""

from enum import StrEnum
from typing import Final

from app.domain.languages import marked


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
