"""The threads that keep doing what is due."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol

import structlog

from app.domain.errors import DatabaseUnavailable, TicketingError
from app.domain.ports import WorkSignal
from app.services.operations.item_runner import KeepGoing, always


class Job(Protocol):
    """Does a bounded batch of what is due and tells how much that was."""

    def __call__(self, *, keep_going: KeepGoing = always) -> int:
        """Take another item only as long as ``keep_going`` says so."""
        ...


@dataclass(frozen=True, slots=True)
class Lane:
    """Jobs that wait for the same part of the world outside, or for none of it.

    Each lane has a thread of its own, so none waits for another's mail server or provider.
    """

    name: str
    jobs: Sequence[tuple[str, Job]]


@dataclass(frozen=True, slots=True)
class WorkService:
    """What is done in the background. Any number of workers may do it at once."""

    lanes: Sequence[Lane]

    @property
    def jobs(self) -> Sequence[tuple[str, Job]]:
        """All jobs, by name."""
        return [job for lane in self.lanes for job in lane.jobs]


log = structlog.get_logger(__name__)

RESTS_FOR: Final = 5
"""How many times as long as it computed a worker rests, so that buyers come first."""

LONGEST_TURN: Final = timedelta(seconds=10)
"""How long a job takes new items before the next job of its lane has its turn."""


class Worker:
    """Runs every job again and again until it is stopped; a job that fails is tried next time.

    Each lane of jobs has a thread of its own.

    Args:
        work: what there is to do.
        signal: wakes the worker before its time.
        rest: shortest pause between rounds. It lasts five times as long as the round before
            computed, so that most of the time belongs to buyers.
        idle: longest pause when there was no work; how late anything is at most.
        longest_turn: how long a job takes new items before the next one of its lane.
        without_database: pause of a lane whose jobs found the database away.
    """

    def __init__(
        self,
        work: WorkService,
        signal: WorkSignal,
        *,
        rest: timedelta = timedelta(milliseconds=50),
        idle: timedelta = timedelta(seconds=1),
        longest_turn: timedelta = LONGEST_TURN,
        without_database: timedelta = timedelta(seconds=5),
    ) -> None:
        self._signal = signal
        self._rest = rest
        self._idle = idle
        self._longest_turn = longest_turn.total_seconds()
        self._without_database = without_database.total_seconds()
        self._stopping = threading.Event()
        self._failing: dict[str, str] = {}
        self._turns = [threading.Lock() for _ in work.lanes]
        self._threads = [
            threading.Thread(
                target=self._run, args=[lane, turn], name=f"worker {lane.name}", daemon=True
            )
            for lane, turn in zip(work.lanes, self._turns, strict=True)
        ]

    def start(self) -> None:
        """Run in threads of its own."""
        for thread in self._threads:
            thread.start()

    def stop(self, *, within: timedelta = timedelta(seconds=25)) -> None:
        """End after the items at hand. What was not done is found again by the next worker."""
        self._stopping.set()
        self._signal.wake()
        ends_at = time.monotonic() + within.total_seconds()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(ends_at - time.monotonic(), 0))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do nothing during the block; it begins once the jobs at hand are done."""
        with ExitStack() as held:
            for turn in self._turns:
                held.enter_context(turn)
            yield

    def _run(self, lane: Lane, turn: threading.Lock) -> None:
        while not self._stopping.is_set():
            heard = self._signal.times
            began = time.thread_time()  # waiting for Paystack or a mail server costs nothing
            with turn:
                done = sum(self._run_job(name, job) for name, job in lane.jobs)
            if any(self._failing.get(name) == DatabaseUnavailable.code for name, _ in lane.jobs):
                self._stopping.wait(self._without_database)
                continue
            # Also after a round without work: in a sale there is always another signal.
            took = time.thread_time() - began
            self._stopping.wait(max(self._rest.total_seconds(), RESTS_FOR * took))
            if not done:
                self._signal.wait(self._idle, heard=heard)

    def _run_job(self, name: str, job: Job) -> int:
        if self._stopping.is_set():
            return 0
        try:
            done = job(keep_going=self._turn())
        except TicketingError as error:
            if self._is_news(name, error.code):
                log.warning("job postponed", job=name, reason=error.detail)
        except Exception as error:
            # The worker must outlive any one job's mistake; the next round tries again.
            if self._is_news(name, type(error).__name__):
                log.exception("job failed", job=name)
        else:
            if self._failing.pop(name, None) is not None:
                log.info("job works again", job=name)
            return done
        return 0

    def _turn(self) -> Callable[[], bool]:
        """Whether the job whose turn begins now may take another item."""
        ends_at = time.monotonic() + self._longest_turn
        return lambda: not self._stopping.is_set() and time.monotonic() < ends_at

    def _is_news(self, job: str, failure: str) -> bool:
        is_news = self._failing.get(job) != failure
        self._failing[job] = failure
        return is_news
