"""How far the clocks of the shop's hosts may differ."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

LEEWAY: Final = timedelta(seconds=60)
"""What is forgiven. Order never follows from clocks: numbers that the database gives tell it."""


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
