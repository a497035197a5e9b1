"""Waiting for what another thread or process does."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

T = TypeVar("T")

PATIENCE: Final = timedelta(seconds=20)


def eventually(question: Callable[[], T], *, within: timedelta = PATIENCE) -> T:
    """Ask until the answer is true; give it.

    Raises:
        AssertionError: it is still false at the end.
    """
    deadline = time.monotonic() + within.total_seconds()
    while not (answer := question()):
        assert time.monotonic() < deadline, f"still {answer!r} after {within}"
        time.sleep(0.02)
    return answer
