"""Time: how long is waited, and how far the clocks of the shop's hosts may differ."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Final

LEEWAY: Final = timedelta(seconds=60)
"""What clocks are forgiven. Order never follows from them: numbers that the database gives tell
it."""

CALL_ENDS_AT: Final[ContextVar[float | None]] = ContextVar("call_ends_at", default=None)
"""On the monotonic clock; ``None``: no call is at hand, as in the background work."""

GOES_FIRST: Final[ContextVar[bool]] = ContextVar("goes_first", default=False)
"""Whether the call at hand is a scan at a gate, where people stand and wait."""

FIRST_DELAY: Final = timedelta(seconds=5)


def retry_delay(tries: int, *, longest: timedelta) -> timedelta:
    """How long to wait before the next try: 5 s, doubled for each one, at most ``longest``."""
    doublings = min(max(tries - 1, 0), 20)
    return min(FIRST_DELAY * (1 << doublings), longest)


class OnceAWhile:
    """Tells whether something may be said again, so that it does not fill the log.

    Args:
        every: the shortest time between two times.
        monotonic: seconds on a clock that never jumps.
    """

    def __init__(
        self,
        every: timedelta = timedelta(minutes=1),
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._every = every.total_seconds()
        self._monotonic = monotonic
        self._next = float("-inf")

    def __call__(self) -> bool:
        now = self._monotonic()
        if now < self._next:
            return False
        self._next = now + self._every
        return True
