"""The bulkhead around a provider: a circuit breaker, a bound on calls in flight, a deadline.

The deadline holds whatever the provider does: each call runs in a thread of its own, and its caller
stops waiting when the time budget has passed. Time-outs of a socket cannot promise that: they count
from the last byte, and the lookup of a host name has none at all. An abandoned call counts as in
flight until its thread has ended, so no more than ``max_in_flight`` threads and connections exist.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from typing import Any, Final, TypeVar

from app.clients.paystack.breaker import Breaker, CallRefused

T = TypeVar("T")

FULL_PAUSE: Final = timedelta(seconds=1)
"""When to come back after the bulkhead was full: calls are short."""


class BulkheadFull(CallRefused):
    """Too many calls are in flight."""


class DeadlinePassed(Exception):
    """The provider took longer than the call's time budget; the outcome is unknown."""


class TimeBudget:
    """The time one call has left.

    Args:
        ends_at: the deadline, in seconds on the monotonic clock.
        monotonic: that clock.
    """

    __slots__ = ("_ends_at", "_monotonic")

    def __init__(self, ends_at: float, monotonic: Callable[[], float]) -> None:
        self._ends_at = ends_at
        self._monotonic = monotonic

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(self._ends_at - self._monotonic(), 0.0)


class Bulkhead:
    """Lets calls to one provider through, and bounds what they can cost.

    Args:
        breaker: knows whether the provider works.
        max_in_flight: calls that may run at once, abandoned ones included.
        queue_for: how long a call waits for another to end.
        max_waiting: calls that may wait at once; their callers are threads others need.
        budget: how long a call may take from then on.
        monotonic: seconds on a clock that never jumps.
    """

    def __init__(
        self,
        *,
        breaker: Breaker,
        max_in_flight: int = 10,
        queue_for: timedelta = timedelta(0),
        max_waiting: int = 40,
        budget: timedelta = timedelta(seconds=10),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._breaker = breaker
        self._free = threading.BoundedSemaphore(max_in_flight)
        self._queue = threading.BoundedSemaphore(max_waiting)
        self._in_flight: set[Future[Any]] = set()
        self._queue_for = queue_for.total_seconds()
        self._budget = budget.total_seconds()
        self._monotonic = monotonic

    @property
    def breaker_state(self) -> str:
        """``closed``, ``open`` or ``half-open``."""
        return self._breaker.state

    @property
    def calls_in_flight(self) -> int:
        """Calls that run now, abandoned ones included."""
        return len(self._in_flight)

    def call(self, ask: Callable[[TimeBudget], T]) -> T:
        """Run ``ask`` and return what it returns.

        Whatever it raises counts as a failure of the provider and is raised again as it is; a
        refusal by the provider is an answer, so ``ask`` returns it.

        Raises:
            CallRefused: the breaker is open or the bulkhead is full; nothing was sent.
            DeadlinePassed: the budget passed before the answer was complete.
        """
        with self._breaker.admit() as admission:
            if not self._may_run():
                raise BulkheadFull("too many calls are in flight", retry_after=FULL_PAUSE)
            try:
                answer = self._within_budget(ask)
            except Exception as error:
                admission.failed(error)
                raise
            admission.succeeded()
            return answer

    def _may_run(self) -> bool:
        """Wait a little until one more call may run; tell whether it may."""
        if self._free.acquire(blocking=False):
            return True
        if not self._queue.acquire(blocking=False):
            return False
        try:
            return self._free.acquire(timeout=self._queue_for)
        finally:
            self._queue.release()

    def _within_budget(self, ask: Callable[[TimeBudget], T]) -> T:
        budget = TimeBudget(self._monotonic() + self._budget, self._monotonic)
        outcome: Future[T] = Future()
        self._in_flight.add(outcome)

        def run() -> None:
            try:
                answer = ask(budget)
            except BaseException as error:
                # Over before the caller wakes: its next call must find room.
                self._is_over(outcome)
                outcome.set_exception(error)
            else:
                self._is_over(outcome)
                outcome.set_result(answer)

        try:
            # A daemon: a call that hangs must not keep the program alive.
            threading.Thread(target=run, name="provider-call", daemon=True).start()
        except RuntimeError:  # the machine has no thread to give
            self._is_over(outcome)
            raise
        try:
            return outcome.result(timeout=self._budget)
        except TimeoutError as error:
            if outcome.done():
                raise
            raise DeadlinePassed(f"no answer within {self._budget:g} s") from error

    def _is_over(self, outcome: Future[Any]) -> None:
        self._in_flight.discard(outcome)
        self._free.release()
