"""The bulkhead around a provider: a circuit breaker, a bound on calls in flight, a deadline.

The deadline holds whatever the provider does: each call runs in a thread of its own, and its caller
stops waiting when the time budget has passed. Time-outs of a socket cannot promise that: they count
from the last byte, and the lookup of a host name has none at all. An abandoned call counts as in
flight until its thread has ended, so no more than ``max_in_flight`` threads and connections exist.

The state lives in this process: each worker opens its own breaker after its own failures.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final, TypeVar

import pybreaker
import structlog

log = structlog.get_logger(__name__)

T = TypeVar("T")

SHORT_PAUSE: Final = timedelta(seconds=1)
"""When to come back after the bulkhead was full, or while another call probes: calls are short."""


class CallRefused(Exception):
    """The call was not made: the breaker is open or too many calls are in flight.

    Args:
        retry_after: when one may be.
    """

    def __init__(self, reason: str, *, retry_after: timedelta = SHORT_PAUSE) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class DeadlinePassed(Exception):
    """The provider took longer than the call's time budget; the outcome is unknown."""


class TimeBudget:
    """The time one call has left.

    It ends ``seconds`` from now, on the clock ``monotonic``.
    """

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._ends_at = monotonic() + seconds
        self._monotonic = monotonic

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(self._ends_at - self._monotonic(), 0.0)


class Breaker:
    """Closed, open after failures in a row, half-open for one probe after a pause; by pybreaker.

    pybreaker's ``call()`` holds its lock while the guarded call waits, and its ``calling()`` lets
    every caller through while half-open. So the call runs first, outside any lock, and only its
    outcome is replayed into pybreaker, which takes microseconds; who may call at all is decided
    here. pybreaker measures the pause with the wall clock, which may jump; this takes another.

    Args:
        name: what is behind it, for the log.
        opens_after: failures in a row that open it.
        reset_after: how long it stays open before one call may probe.
        monotonic: seconds on a clock that never jumps.
    """

    def __init__(
        self,
        *,
        name: str,
        opens_after: int = 5,
        reset_after: timedelta = timedelta(seconds=30),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._circuit = pybreaker.CircuitBreaker(
            fail_max=opens_after,
            reset_timeout=reset_after.total_seconds(),
            listeners=[_StateLog(name)],
            name=name,
            throw_new_error_on_trip=False,  # the failure that trips keeps its own type
        )
        self._reset_after = reset_after.total_seconds()
        self._monotonic = monotonic
        self._may_probe_at = 0.0
        self._probe: Admission | None = None
        self._lock = threading.Lock()

    @property
    def state(self) -> str:
        """``closed``, ``open`` or ``half-open``: the next call may probe, or one does."""
        with self._lock:
            state: str = self._circuit.current_state
            has_rested = self._monotonic() >= self._may_probe_at
        if state == pybreaker.STATE_OPEN and has_rested:
            return str(pybreaker.STATE_HALF_OPEN)
        return state

    @contextmanager
    def admit(self) -> Iterator["Admission"]:
        """Let one call through for the length of the block, which tells what came of it.

        Without an outcome it counts as neither success nor failure; the next call may probe.

        Raises:
            CallRefused: it is open, or half-open and the one probe is under way.
        """
        admission = Admission(self._record)
        with self._lock:
            if self._circuit.current_state != pybreaker.STATE_CLOSED:
                self._begin_probe(admission)
        try:
            yield admission
        finally:
            with self._lock:
                if self._probe is admission:
                    self._probe = None

    def _begin_probe(self, admission: "Admission") -> None:
        if self._probe is not None:
            raise CallRefused("the breaker lets one call probe")
        pause = self._may_probe_at - self._monotonic()
        if pause > 0:
            raise CallRefused("the breaker is open", retry_after=timedelta(seconds=pause))
        self._probe = admission
        if self._circuit.current_state == pybreaker.STATE_OPEN:
            self._circuit.half_open()

    def _record(self, admission: "Admission", error: Exception | None) -> None:
        """Replay an outcome. Late outcomes of calls from before it opened change nothing."""
        with self._lock:
            is_probe = self._probe is admission
            if not is_probe and self._circuit.current_state != pybreaker.STATE_CLOSED:
                return
            try:
                self._circuit.call(_replay, error)
            except Exception as replayed:
                if replayed is not error:
                    raise
            if self._circuit.current_state == pybreaker.STATE_OPEN:
                self._may_probe_at = self._monotonic() + self._reset_after


class Admission:
    """One admitted call, and who hears what came of it."""

    def __init__(self, record: Callable[["Admission", Exception | None], None]) -> None:
        self._record = record

    def succeeded(self) -> None:
        """The provider answered, be it with a refusal."""
        self._record(self, None)

    def failed(self, error: Exception) -> None:
        """The provider did not do its part."""
        self._record(self, error)


class _StateLog(pybreaker.CircuitBreakerListener):
    def __init__(self, name: str) -> None:
        self._name = name

    def state_change(
        self,
        cb: pybreaker.CircuitBreaker,  # noqa: ARG002  # pybreaker passes it by position
        old_state: Any,
        new_state: Any,
    ) -> None:
        log.warning(
            "breaker_state_changed",
            breaker=self._name,
            before=old_state.name if old_state else None,
            after=new_state.name,
        )


def _replay(error: Exception | None) -> None:
    if error is not None:
        raise error


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
                raise CallRefused("too many calls are in flight")
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
        budget = TimeBudget(self._budget, self._monotonic)
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
