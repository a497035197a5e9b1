"""The fence around a provider: a breaker, a bound on calls in flight, a total time budget.

The budget holds whatever the provider does: a call runs in a thread of the fence and its caller
stops waiting at the deadline. Time-outs of a socket cannot promise that, since they count from the
last byte, and looking up a host name has none at all. An abandoned call keeps its place until its
thread has really ended, so no more than ``max_in_flight`` threads and connections ever exist.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from queue import SimpleQueue
from typing import Final, TypeVar

from app.clients.paystack.breaker import Breaker, CallRefused

T = TypeVar("T")

FULL_PAUSE: Final = timedelta(seconds=1)
"""When to come back after the fence was full: calls are short."""


class FenceFull(CallRefused):
    """Too many calls are in flight."""


class BudgetSpent(Exception):
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


class Fence:
    """Lets calls to one provider through, and bounds what they can cost.

    Args:
        breaker: knows whether the provider works.
        max_in_flight: calls that may run at once, abandoned ones included.
        queue_for: how long a call waits for a place.
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
        self._places = _Places(max_in_flight, max_waiting)
        self._threads = _Threads()
        self._queue_for = queue_for.total_seconds()
        self._budget = budget.total_seconds()
        self._monotonic = monotonic

    @property
    def breaker_state(self) -> str:
        """``closed``, ``open`` or ``half-open``."""
        return self._breaker.state

    @property
    def calls_in_flight(self) -> int:
        """Calls that run now, those nobody waits for any more included."""
        return self._places.taken

    def call(self, ask: Callable[[TimeBudget], T]) -> T:
        """Run ``ask`` and give back what it gives.

        Whatever it raises counts as a failure of the provider and is raised again as it is; a
        refusal by the provider is an answer, so ``ask`` returns it.

        Raises:
            CallRefused: the breaker is open or the fence is full; nothing was sent.
            BudgetSpent: the budget passed before the answer was complete.
        """
        with self._breaker.admit() as admission:
            if not self._places.take(self._queue_for):
                raise FenceFull("too many calls are in flight", retry_after=FULL_PAUSE)
            try:
                answer = self._within_budget(ask)
            except Exception as error:
                admission.failed(error)
                raise
            admission.succeeded()
            return answer

    def close(self) -> None:
        """End the threads that are idle; the others end with their calls."""
        self._threads.close()

    def _within_budget(self, ask: Callable[[TimeBudget], T]) -> T:
        budget = TimeBudget(self._monotonic() + self._budget, self._monotonic)
        outcome: Future[T] = Future()

        def run() -> None:
            try:
                answer = ask(budget)
            except BaseException as error:
                # The place is free before the caller wakes: its next call must find it.
                self._places.give_back()
                outcome.set_exception(error)
            else:
                self._places.give_back()
                outcome.set_result(answer)

        try:
            self._threads.run(run, wanted=self._places.taken)
        except RuntimeError:  # the machine has no thread to give
            self._places.give_back()
            raise
        try:
            return outcome.result(timeout=self._budget)
        except TimeoutError as error:
            if outcome.done():
                raise
            raise BudgetSpent(f"no answer within {self._budget:g} s") from error


class _Places:
    """Counts the calls in flight; callers may wait a little for a free place."""

    def __init__(self, limit: int, max_waiting: int) -> None:
        self._limit = limit
        self._max_waiting = max_waiting
        self._taken = 0
        self._waiting = 0
        self._freed = threading.Condition()

    @property
    def taken(self) -> int:
        return self._taken

    def take(self, wait_for: float) -> bool:
        """Take a place, waiting at most ``wait_for`` seconds; tell whether there was one."""
        with self._freed:
            if self._taken >= self._limit and not self._wait(wait_for):
                return False
            self._taken += 1
            return True

    def _wait(self, longest: float) -> bool:
        if self._waiting >= self._max_waiting:
            return False
        self._waiting += 1
        try:
            return self._freed.wait_for(lambda: self._taken < self._limit, timeout=longest)
        finally:
            self._waiting -= 1

    def give_back(self) -> None:
        with self._freed:
            self._taken -= 1
            self._freed.notify()


class _Threads:
    """Threads that wait for calls.

    Daemons: a call that hangs must not keep the program alive, which the threads of
    ``concurrent.futures`` would.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._started = 0
        self._lock = threading.Lock()

    def run(self, call: Callable[[], None], *, wanted: int) -> None:
        """Run the call in a thread, of which at least ``wanted`` must exist to have a free one."""
        if self._started < wanted:
            with self._lock:
                while self._started < wanted:
                    threading.Thread(
                        target=self._work, name=f"fence-{self._started}", daemon=True
                    ).start()
                    self._started += 1
        self._calls.put(call)

    def close(self) -> None:
        with self._lock:
            for _ in range(self._started):
                self._calls.put(None)
            self._started = 0

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
