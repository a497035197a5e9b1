"""Transactions that write wait in line, and scans pass the others."""

import threading
from contextvars import Context, copy_context

import pytest

from app.domain.operations.clocks import GOES_FIRST
from app.repositories.database import Writers
from tests.steps.waiting import eventually

PATIENCE = 10.0


def caller(*, is_scan: bool) -> Context:
    """Where calls are marked as a scan, or not."""
    context = copy_context()
    context.run(GOES_FIRST.set, is_scan)
    return context


def served(*, last_is_scan: bool) -> list[str]:
    """Who is served in which order: three buyers wait for a writer, then another caller comes."""
    writers, names = Writers(1), list[str]()
    assert writers.acquire(within=0)

    def write(name: str) -> None:
        assert writers.acquire(within=PATIENCE)
        names.append(name)
        writers.release()

    callers = [(f"buyer {number}", False) for number in range(3)] + [("last", last_is_scan)]
    threads = [
        threading.Thread(target=caller(is_scan=is_scan).run, args=(write, name))
        for name, is_scan in callers
    ]
    for thread in threads:
        before = writers.waiting
        thread.start()
        eventually(lambda: writers.waiting > before)  # noqa: B023  # asked in this round only
    writers.release()
    for thread in threads:
        thread.join(PATIENCE)
    return names


class TestWriters:
    def test_let_scans_pass_those_who_wait(self) -> None:
        assert served(last_is_scan=True) == ["last", "buyer 0", "buyer 1", "buyer 2"]

    def test_serve_all_others_in_the_order_they_came(self) -> None:
        assert served(last_is_scan=False) == ["buyer 0", "buyer 1", "buyer 2", "last"]

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

        assert not caller(is_scan=is_scan).run(lambda: writers.acquire(within=0.01))
        assert writers.waiting == 0
        writers.release()

        assert writers.acquire(within=0)
