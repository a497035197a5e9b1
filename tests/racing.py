"""Many callers at the same time."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final, TypeVar

T = TypeVar("T")

LONGEST: Final = timedelta(seconds=60)
"""How long any one caller may take: a lost one fails the test instead of holding it up."""


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Make all these calls from threads that start together; give their answers in order.

    Raises:
        TimeoutError: they are not all done within ``LONGEST``.
    """
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait(LONGEST.total_seconds())
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls, timeout=LONGEST.total_seconds()))
