"""Transactions that write wait in line, and scans pass the others."""

import sys
import threading
from contextvars import copy_context
from typing import Protocol

import pytest

from app.domain.operations.deadlines import GOES_FIRST
from app.repositories.database import Writers
from tests.steps.waiting import eventually

PATIENCE = 10.0


class Semaphore(Protocol):
    """What lets a writer in, and is told when it has done."""

    def acquire(self, *, within: float) -> bool: ...
    def release(self) -> None: ...


class FirstCome:
    """The control: whoever came first is next."""

    def __init__(self) -> None:
        self._inner = threading.BoundedSemaphore(1)

    def acquire(self, *, within: float) -> bool:
        return self._inner.acquire(timeout=within)

    def release(self) -> None:
        self._inner.release()


class Line:
    """Writers who come one after another while the first of them writes."""

    def __init__(self, writers: Semaphore) -> None:
        self._writers = writers
        self._threads: list[threading.Thread] = []
        self._reached = 0
        self.served: list[str] = []

    def join(self, name: str, *, is_scan: bool) -> None:
        """Wait in line; returns when the writer is there."""
        context = copy_context()
        context.run(GOES_FIRST.set, is_scan)
        here = threading.Event()
        thread = threading.Thread(target=context.run, args=(self._write, name, here))
        thread.start()
        self._threads.append(thread)
        assert here.wait(PATIENCE)
        eventually(lambda: _waits(thread))

    def end(self) -> list[str]:
        for thread in self._threads:
            thread.join(PATIENCE)
        return self.served

    def _write(self, name: str, here: threading.Event) -> None:
        here.set()
        assert self._writers.acquire(within=PATIENCE)
        self.served.append(name)
        self._writers.release()


def _waits(thread: threading.Thread) -> bool:
    """Whether the thread is inside ``Condition.wait``."""
    frame = sys._current_frames().get(thread.ident or 0)
    return frame is not None and frame.f_code.co_name == "wait"


def served(writers: Semaphore) -> list[str]:
    """Who is served in which order, when a scan comes last."""
    line = Line(writers)
    assert writers.acquire(within=PATIENCE)
    for number in range(3):
        line.join(f"buyer {number}", is_scan=False)
    line.join("scan", is_scan=True)
    writers.release()
    return line.end()


class TestWriters:
    def test_let_scans_pass_those_who_wait(self) -> None:
        assert served(Writers(1))[0] == "scan"

    def test_without_that_the_scan_is_last(self) -> None:
        assert served(FirstCome())[-1] == "scan"

    def test_are_as_many_as_allowed_and_no_more(self) -> None:
        writers = Writers(2)

        assert writers.acquire(within=0)
        assert writers.acquire(within=0)
        assert not writers.acquire(within=0.01)
        writers.release()
        assert writers.acquire(within=0)

    @pytest.mark.parametrize("is_scan", [True, False])
    def test_who_gives_up_leaves_the_line_as_it_was(self, is_scan: bool) -> None:
        writers = Writers(1)
        assert writers.acquire(within=0)

        context = copy_context()
        context.run(GOES_FIRST.set, is_scan)
        assert not context.run(lambda: writers.acquire(within=0.01))
        writers.release()

        assert writers.acquire(within=0)
