"""The thread that keeps doing what is due."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from app.domain.errors import TicketingError
from app.services.work import WorkService

log = structlog.get_logger(__name__)

RESTS_FOR: Final = 5
"""How many times as long as it computed a worker rests, so that buyers come first."""


class WakeUp:
    """A ``WorkSignal`` for a worker in this process."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def wake(self) -> None:
        self._event.set()

    def wait(self, longest: timedelta) -> None:
        """Sleep until woken, at most this long."""
        self._event.wait(longest.total_seconds())
        self._event.clear()


class Worker:
    """Runs every job again and again until it is stopped; a job that fails is tried next time.

    Args:
        work: what there is to do.
        signal: wakes the worker before its time.
        rest: shortest pause between rounds while there is work. It lasts five times as long as
            the round before computed, so that most of the time belongs to buyers.
        idle: pause when there was none; how late anything is at most.
    """

    def __init__(
        self,
        work: WorkService,
        signal: WakeUp,
        *,
        rest: timedelta = timedelta(milliseconds=50),
        idle: timedelta = timedelta(seconds=1),
    ) -> None:
        self._work = work
        self._signal = signal
        self._rest = rest
        self._idle = idle
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

    def start(self) -> None:
        """Run in a thread of its own."""
        self._thread.start()

    def stop(self, *, within: timedelta = timedelta(seconds=10)) -> None:
        """End after the job at hand. What was not done is found again by the next worker."""
        self._stopping.set()
        self._signal.wake()
        if self._thread.is_alive():
            self._thread.join(within.total_seconds())

    def run(self) -> None:
        """Work until ``stop`` is called."""
        while not self._stopping.is_set():
            began = time.thread_time()  # who waits for Paystack or a mail server disturbs nobody
            done = sum(self._run_job(name, job) for name, job in self._work.jobs)
            if done:
                took = time.thread_time() - began
                self._stopping.wait(max(self._rest.total_seconds(), RESTS_FOR * took))
            else:
                self._signal.wait(self._idle)

    def _run_job(self, name: str, job: Callable[[], int]) -> int:
        if self._stopping.is_set():
            return 0
        try:
            return job()
        except TicketingError as error:
            log.warning("job postponed", job=name, reason=error.detail)
        except Exception:
            # The worker must outlive any one job's mistake; the next round tries again.
            log.exception("job failed", job=name)
        return 0
