"""How often callers from outside may have the provider asked about one payment."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, TypeVar

from app.domain.ports import Clock

ASK_AGAIN_AFTER: Final = timedelta(seconds=3)
"""How long what the provider said last is told again, without asking it."""

WAIT_FOR_ANOTHER: Final = timedelta(seconds=2)
"""How long a caller waits for another caller's lookup of the same payment."""

MOST_WAITING: Final = 20
"""Callers of a process that wait so; more would take the threads of others."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Lookup:
    began_at: datetime
    ended: threading.Event = field(default_factory=threading.Event)

    def is_over(self, now: datetime) -> bool:
        return self.ended.is_set() and now - self.began_at >= ASK_AGAIN_AFTER


class LookupLimit:
    """Lets one caller at a time ask about a reference, and no other within three seconds.

    Counted per process. Without it, a client that reloads the page of a payment uses up
    the shop's rate limit at the provider.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._lookups: dict[str, _Lookup] = {}
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def run(self, reference: str, *, ask: Callable[[], T], known: Callable[[], T]) -> T:
        """The result of ``ask``, or of ``known`` if it was asked just now.

        While another caller asks, this waits for the answer before it looks at what is known.
        """
        lookup, is_ours = self._enter(reference)
        if is_ours:
            try:
                return ask()
            except Exception:
                # Nothing was learned; the bulkhead keeps a provider that fails from being asked.
                self._lookups.pop(reference, None)
                raise
            finally:
                lookup.ended.set()
        if self._waiting.acquire(blocking=False):
            try:
                lookup.ended.wait(WAIT_FOR_ANOTHER.total_seconds())
            finally:
                self._waiting.release()
        return known()

    def _enter(self, reference: str) -> tuple[_Lookup, bool]:
        now = self._clock.now()
        with self._lock:
            self._forget(now)
            found = self._lookups.get(reference)
            if found is not None and not found.is_over(now):
                return found, False
            self._lookups.pop(reference, None)
            ours = self._lookups[reference] = _Lookup(now)
            return ours, True

    def _forget(self, now: datetime) -> None:
        """Drop what is over: some of the oldest for each that is added."""
        over = [
            reference
            for reference, lookup in islice(self._lookups.items(), MOST_WAITING)
            if lookup.is_over(now)
        ]
        for reference in over:
            del self._lookups[reference]
