"""Pauses for accounts whose holds of an event end unpaid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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
