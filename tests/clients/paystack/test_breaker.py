import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from app.clients.paystack.bulkhead import Breaker, CallRefused


class Stopwatch:
    """A monotonic clock that moves only when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class ProviderBroken(Exception):
    pass


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def breaker(stopwatch: Stopwatch) -> Breaker:
    return Breaker(
        name="test", opens_after=3, reset_after=timedelta(seconds=30), monotonic=stopwatch
    )


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        with breaker.admit() as admission:
            admission.failed(ProviderBroken())


def succeed(breaker: Breaker) -> None:
    with breaker.admit() as admission:
        admission.succeeded()


def admitted_of(callers: int, breaker: Breaker) -> int:
    """How many of many callers that come at the same moment are let through."""
    start = threading.Barrier(callers)
    everybody_asked = threading.Barrier(callers)

    def come(_: int) -> bool:
        start.wait()
        try:
            with breaker.admit():
                everybody_asked.wait()
                return True
        except CallRefused:
            everybody_asked.wait()
            return False

    with ThreadPoolExecutor(callers) as pool:
        return sum(pool.map(come, range(callers)))


class TestClosed:
    def test_lets_everybody_through_at_once(self, breaker: Breaker) -> None:
        assert admitted_of(20, breaker) == 20

    def test_stays_closed_below_the_limit(self, breaker: Breaker) -> None:
        fail(breaker, times=2)

        assert breaker.state == "closed"

    def test_counts_failures_in_a_row_only(self, breaker: Breaker) -> None:
        fail(breaker, times=2)
        succeed(breaker)
        fail(breaker, times=2)

        assert breaker.state == "closed"

    def test_counts_no_call_without_an_outcome(self, breaker: Breaker) -> None:
        fail(breaker, times=2)
        with breaker.admit():
            pass
        fail(breaker)

        assert breaker.state == "open"

    def test_counts_every_one_of_many_failures_at_once(self, stopwatch: Stopwatch) -> None:
        breaker = Breaker(name="test", opens_after=50, monotonic=stopwatch)

        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda _: fail(breaker, times=5), range(10)))

        assert breaker.state == "open"


class TestOpen:
    def test_opens_after_failures_in_a_row(self, breaker: Breaker) -> None:
        fail(breaker, times=3)

        assert breaker.state == "open"

    def test_refuses_and_tells_when_to_come_back(
        self, breaker: Breaker, stopwatch: Stopwatch
    ) -> None:
        fail(breaker, times=3)
        stopwatch.seconds += 12

        with pytest.raises(CallRefused) as refused, breaker.admit():
            pass

        assert refused.value.retry_after == timedelta(seconds=18)

    @pytest.mark.parametrize("late_success", [True, False])
    def test_is_not_moved_by_outcomes_of_earlier_calls(
        self, breaker: Breaker, stopwatch: Stopwatch, *, late_success: bool
    ) -> None:
        with breaker.admit() as slow_call:
            fail(breaker, times=3)
            stopwatch.seconds += 31

            if late_success:
                slow_call.succeeded()
            else:
                slow_call.failed(ProviderBroken())

        assert breaker.state != "closed"
        with breaker.admit():
            assert breaker.state == "half-open"

    def test_is_half_open_as_soon_as_it_has_rested(
        self, breaker: Breaker, stopwatch: Stopwatch
    ) -> None:
        fail(breaker, times=3)
        stopwatch.seconds += 29
        resting = breaker.state

        stopwatch.seconds += 1

        assert (resting, breaker.state) == ("open", "half-open")

    def test_tells_the_log_about_every_change(self, breaker: Breaker, stopwatch: Stopwatch) -> None:
        with capture_logs() as events:
            fail(breaker, times=3)
            stopwatch.seconds += 31
            succeed(breaker)

        assert [(event["before"], event["after"]) for event in events] == [
            ("closed", "open"),
            ("open", "half-open"),
            ("half-open", "closed"),
        ]


class TestHalfOpen:
    def test_lets_exactly_one_of_fifty_callers_probe(
        self, breaker: Breaker, stopwatch: Stopwatch
    ) -> None:
        fail(breaker, times=3)
        stopwatch.seconds += 30

        assert admitted_of(50, breaker) == 1

    def test_closes_after_a_good_probe(self, breaker: Breaker, stopwatch: Stopwatch) -> None:
        fail(breaker, times=3)
        stopwatch.seconds += 30

        succeed(breaker)

        assert breaker.state == "closed"
        fail(breaker, times=2)
        assert breaker.state == "closed"

    def test_opens_for_the_whole_pause_after_a_bad_probe(
        self, breaker: Breaker, stopwatch: Stopwatch
    ) -> None:
        fail(breaker, times=3)
        stopwatch.seconds += 30

        fail(breaker)

        assert breaker.state == "open"
        with pytest.raises(CallRefused) as refused, breaker.admit():
            pass
        assert refused.value.retry_after == timedelta(seconds=30)

    def test_takes_the_next_caller_after_a_probe_without_outcome(
        self, breaker: Breaker, stopwatch: Stopwatch
    ) -> None:
        fail(breaker, times=3)
        stopwatch.seconds += 30
        with breaker.admit():
            pass

        succeed(breaker)

        assert breaker.state == "closed"
