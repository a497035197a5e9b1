"""Tidying: what nobody needs any more is deleted."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from app.domain.ports import Clock

TIDY_EVERY: Final = timedelta(hours=1)


class TidyingService:
    """Calls everybody who has something to forget, once an hour."""

    def __init__(self, *, clock: Clock, forget: Sequence[Callable[[], None]]) -> None:
        self._clock = clock
        self._forget = forget
        self._tidied_at = clock.now()

    def tidy(self) -> int:
        """Delete what is old, if it is time; tell whether it was."""
        now = self._clock.now()
        if now - self._tidied_at < TIDY_EVERY:
            return 0
        self._tidied_at = now
        for forget in self._forget:
            forget()
        return 1
