"""Clean-up: deletes what is no longer needed."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import structlog

from app.domain.ports import Clock
from app.services.operations.item_runner import KeepGoing, always

log = structlog.get_logger(__name__)

CLEAN_UP_EVERY: Final = timedelta(hours=1)

FIRST_AFTER: Final = timedelta(minutes=1)
"""After the start: a shop that is started again each hour must come to it as well."""


class CleanUpService:
    """Runs the clean-up of each service, once an hour."""

    def __init__(self, *, clock: Clock, forget: Sequence[Callable[[], None]]) -> None:
        self._clock = clock
        self._forget = forget
        self._cleaned_up_at = clock.now() - CLEAN_UP_EVERY + FIRST_AFTER

    def run(self, *, keep_going: KeepGoing = always) -> int:
        """Delete what is old, if it is time; tell whether it was."""
        now = self._clock.now()
        if now - self._cleaned_up_at < CLEAN_UP_EVERY:
            return 0
        self._cleaned_up_at = now
        for forget in self._forget:
            if keep_going():
                _alone(forget)
        return 1


def _alone(forget: Callable[[], None]) -> None:
    try:
        forget()
    except Exception:
        # One that fails leaves the others their turn; in an hour it has its own again.
        log.exception("not tidied", what=forget.__qualname__)
