"""Calls of people who stand at a door, which the others let in first."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

import anyio

F = TypeVar("F", bound=Callable[..., Any])

STEPS_ASIDE_FOR: Final = timedelta(milliseconds=50)
"""How long a call lets urgent ones pass, at most. A buyer does not notice it."""

ASKS_EVERY: Final = timedelta(milliseconds=5)

_MARK: Final = "__urgent__"


def urgent(endpoint: F) -> F:
    """Mark an endpoint for whose answer somebody stands and waits."""
    setattr(endpoint, _MARK, True)
    return endpoint


def is_urgent(endpoint: Callable[..., Any]) -> bool:
    """Whether the endpoint is marked so."""
    return getattr(endpoint, _MARK, False)


class Hurry:
    """Counts the urgent calls inside.

    The interpreter runs one thread at a time, so each call inside makes all others slower. Calls
    may come from several event loops, which is why the others ask again instead of being woken.
    """

    def __init__(self) -> None:
        self._inside = 0
        self._lock = threading.Lock()

    @contextmanager
    def inside(self) -> Iterator[None]:
        """For the length of an urgent call."""
        with self._lock:
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    async def step_aside(self) -> None:
        """Wait until no urgent call is inside, at most ``STEPS_ASIDE_FOR``."""
        latest = time.monotonic() + STEPS_ASIDE_FOR.total_seconds()
        while self._inside and time.monotonic() < latest:
            await anyio.sleep(ASKS_EVERY.total_seconds())
