"""What keeps an account from being deleted."""

from enum import StrEnum
from typing import Final


class Obstacle(StrEnum):
    """Something that would be lost with the account."""

    UNFINISHED_ORDERS = "unfinished-orders"
    REFUNDS_UNDER_WAY = "refunds-under-way"
    TICKETS_AHEAD = "tickets-ahead"
    EVENTS_AHEAD = "events-ahead"
    MONEY_OWED = "money-owed"
    MEMBERS_LEFT_ALONE = "members-left-alone"


SENTENCES: Final = {
    Obstacle.UNFINISHED_ORDERS: "Orders that are unpaid, or whose payment is still being asked "
    "about: {}. Pay or cancel them, or wait.",
    Obstacle.REFUNDS_UNDER_WAY: "Orders whose refund is not back yet: {}. Wait for the money.",
    Obstacle.TICKETS_AHEAD: "Valid tickets of events that are not over: {}. Refund them, transfer "
    "them on, or wait.",
    Obstacle.EVENTS_AHEAD: "Events of yours that are not over: {}. Cancel them (delete "
    "drafts), or wait.",
    Obstacle.MONEY_OWED: "Events of yours whose buyers are owed money, or dispute a payment: {}. "
    "Wait until refunds and disputes are settled.",
    Obstacle.MEMBERS_LEFT_ALONE: "Organizations whose only owner you are, and that have other "
    "members: {}. Make another member an owner, or remove them.",
}
"""With room for the ids."""

MOST_NAMED: Final = 20


def sentence(obstacle: Obstacle, ids: list[int]) -> str:
    """What is in the way, and what to do about it; at most twenty ids are named."""
    named = ", ".join(map(str, ids[:MOST_NAMED]))
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return SENTENCES[obstacle].format(named + more)
