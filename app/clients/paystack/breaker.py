"""A circuit breaker for threads, around pybreaker.

pybreaker's ``call()`` holds its lock while the guarded call waits, and its ``calling()`` lets every
caller through while half-open. So the call runs first, outside any lock, and only its outcome is
replayed into pybreaker, which takes microseconds; who may call at all is decided here. pybreaker
measures the pause with the wall clock, which may jump; here it is a monotonic clock's.

The state lives in this process: each worker opens its own breaker after its own failures.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any, Final

import pybreaker
import structlog

log = structlog.get_logger(__name__)

PROBE_PAUSE: Final = timedelta(seconds=1)
"""When to come back while another caller's probe is under way."""


class CallRefused(Exception):
    """The call was not made.

    Args:
        retry_after: when one may be.
    """

    def __init__(self, reason: str, *, retry_after: timedelta) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class BreakerOpen(CallRefused):
    """The provider failed too often in a row and is left alone for a while."""


class Breaker:
    """Closed, open after failures in a row, half-open for one probe after a pause.

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

    def admit(self) -> "Admission":
        """Let one call through; use as ``with breaker.admit() as admission``.

        Raises:
            BreakerOpen: it is open, or half-open and the one probe is under way.
        """
        with self._lock:
            admission = Admission(self)
            if self._circuit.current_state == pybreaker.STATE_CLOSED:
                return admission
            if self._probe is not None:
                raise BreakerOpen("one call is probing", retry_after=PROBE_PAUSE)
            pause = self._may_probe_at - self._monotonic()
            if pause > 0:
                raise BreakerOpen("the breaker is open", retry_after=timedelta(seconds=pause))
            self._probe = admission
            if self._circuit.current_state == pybreaker.STATE_OPEN:
                self._circuit.half_open()
            return admission

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

    def _leave(self, admission: "Admission") -> None:
        with self._lock:
            if self._probe is admission:
                self._probe = None


class Admission:
    """One admitted call.

    Leaving without an outcome counts as neither success nor failure and makes room for the next
    probe.
    """

    __slots__ = ("_breaker",)

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    def succeeded(self) -> None:
        """The provider answered, be it with a refusal."""
        self._breaker._record(self, None)

    def failed(self, error: Exception) -> None:
        """The provider did not do its part."""
        self._breaker._record(self, error)

    def __enter__(self) -> "Admission":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._breaker._leave(self)


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
