import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.clients.paystack.bulkhead import Breaker, Bulkhead, CallRefused, DeadlinePassed, TimeBudget
from tests.steps.waiting import eventually

WAIT = 10.0


class ProviderBroken(Exception):
    pass


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds calls until it is set; always opened at the end."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def make_bulkhead() -> Callable[..., Bulkhead]:
    def make(
        *,
        max_in_flight: int = 2,
        queue_for: timedelta = timedelta(0),
        max_waiting: int = 40,
        budget: timedelta = timedelta(seconds=WAIT),
        opens_after: int = 3,
        reset_after: timedelta = timedelta(0),
    ) -> Bulkhead:
        return Bulkhead(
            breaker=Breaker(name="test", opens_after=opens_after, reset_after=reset_after),
            max_in_flight=max_in_flight,
            queue_for=queue_for,
            max_waiting=max_waiting,
            budget=budget,
        )

    return make


def answer(_: TimeBudget) -> str:
    return "answer"


def break_down(_: TimeBudget) -> str:
    raise ProviderBroken


class TestCall:
    def test_returns_the_answer(self, make_bulkhead: Callable[..., Bulkhead]) -> None:
        assert make_bulkhead().call(answer) == "answer"

    def test_keeps_the_failure_that_opens_the_breaker(
        self, make_bulkhead: Callable[..., Bulkhead]
    ) -> None:
        bulkhead = make_bulkhead(opens_after=1, reset_after=timedelta(hours=1))

        with pytest.raises(ProviderBroken):
            bulkhead.call(break_down)

        assert bulkhead.breaker_state == "open"

    def test_sends_nothing_while_the_breaker_is_open(
        self, make_bulkhead: Callable[..., Bulkhead]
    ) -> None:
        bulkhead = make_bulkhead(opens_after=1, reset_after=timedelta(hours=1))
        calls: list[str] = []
        with pytest.raises(ProviderBroken):
            bulkhead.call(break_down)

        with pytest.raises(CallRefused, match="breaker"):
            bulkhead.call(lambda _: calls.append("sent"))

        assert calls == []

    def test_sends_one_probe_of_fifty_callers(self, make_bulkhead: Callable[..., Bulkhead]) -> None:
        bulkhead = make_bulkhead(opens_after=1, max_in_flight=50)
        with pytest.raises(ProviderBroken):
            bulkhead.call(break_down)
        probes: list[str] = []
        start = threading.Barrier(50)
        refused = threading.Semaphore(0)

        def probe(_: TimeBudget) -> None:
            probes.append("sent")
            for _refusal in range(49):
                assert refused.acquire(timeout=WAIT)

        def come(_: int) -> None:
            start.wait()
            try:
                bulkhead.call(probe)
            except CallRefused:
                refused.release()

        with ThreadPoolExecutor(50) as pool:
            list(pool.map(come, range(50)))

        assert probes == ["sent"]
        assert bulkhead.breaker_state == "closed"

    def test_runs_calls_side_by_side(self, make_bulkhead: Callable[..., Bulkhead]) -> None:
        bulkhead = make_bulkhead(max_in_flight=8)
        all_there = threading.Barrier(8)

        with ThreadPoolExecutor(8) as pool:
            arrivals = list(
                pool.map(lambda _: bulkhead.call(lambda _: all_there.wait(WAIT)), range(8))
            )

        assert sorted(arrivals) == list(range(8))


class TestLimit:
    def test_refuses_one_call_too_many(
        self, make_bulkhead: Callable[..., Bulkhead], gate: threading.Event
    ) -> None:
        bulkhead = make_bulkhead(max_in_flight=2)

        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(bulkhead.call, lambda _: gate.wait(WAIT)) for _ in range(2)]
            assert eventually(lambda: bulkhead.calls_in_flight == 2)
            with pytest.raises(CallRefused, match="in flight") as refused:
                bulkhead.call(answer)
            gate.set()

        assert refused.value.retry_after == timedelta(seconds=1)
        assert all(call.result() for call in running)
        assert bulkhead.calls_in_flight == 0

    def test_is_never_exceeded(self, make_bulkhead: Callable[..., Bulkhead]) -> None:
        bulkhead = make_bulkhead(max_in_flight=3, queue_for=timedelta(seconds=WAIT))
        running: list[int] = []
        most: list[int] = []

        def look(_: TimeBudget) -> None:
            running.append(1)
            most.append(len(running))
            time.sleep(0.001)
            running.pop()

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(lambda _: bulkhead.call(look), range(100)))

        assert len(most) == 100
        assert max(most) <= 3

    def test_has_room_for_the_caller_that_just_got_its_answer(
        self, make_bulkhead: Callable[..., Bulkhead]
    ) -> None:
        bulkhead = make_bulkhead(max_in_flight=1)

        answers = [bulkhead.call(answer) for _ in range(500)]

        assert len(answers) == 500

    def test_is_waited_for_when_told_to(
        self, make_bulkhead: Callable[..., Bulkhead], gate: threading.Event
    ) -> None:
        bulkhead = make_bulkhead(max_in_flight=1, queue_for=timedelta(seconds=WAIT))

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(bulkhead.call, lambda _: gate.wait(WAIT))
            assert eventually(lambda: bulkhead.calls_in_flight == 1)
            second = pool.submit(bulkhead.call, answer)
            gate.set()

        assert (first.result(), second.result()) == (True, "answer")

    def test_is_not_waited_for_behind_too_many(
        self, make_bulkhead: Callable[..., Bulkhead], gate: threading.Event
    ) -> None:
        bulkhead = make_bulkhead(max_in_flight=1, queue_for=timedelta(seconds=WAIT), max_waiting=0)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(bulkhead.call, lambda _: gate.wait(WAIT))
            assert eventually(lambda: bulkhead.calls_in_flight == 1)
            with pytest.raises(CallRefused, match="in flight"):
                bulkhead.call(answer)
            gate.set()

    def test_says_nothing_about_the_provider(
        self, make_bulkhead: Callable[..., Bulkhead], gate: threading.Event
    ) -> None:
        bulkhead = make_bulkhead(max_in_flight=1, opens_after=1)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(bulkhead.call, lambda _: gate.wait(WAIT))
            assert eventually(lambda: bulkhead.calls_in_flight == 1)
            for _ in range(5):
                with pytest.raises(CallRefused, match="in flight"):
                    bulkhead.call(answer)
            gate.set()

        assert bulkhead.breaker_state == "closed"


class TestBudget:
    def test_ends_the_wait_for_a_call_that_hangs(
        self, make_bulkhead: Callable[..., Bulkhead], gate: threading.Event
    ) -> None:
        bulkhead = make_bulkhead(budget=timedelta(seconds=0.1))
        ended: list[bool] = []

        with pytest.raises(DeadlinePassed):
            bulkhead.call(lambda _: ended.append(gate.wait(WAIT)))

        assert ended == []  # it hangs as before

    def test_is_known_to_the_call(self, make_bulkhead: Callable[..., Bulkhead]) -> None:
        bulkhead = make_bulkhead(budget=timedelta(seconds=60))

        left = bulkhead.call(lambda budget: budget.left())

        assert 30 < left <= 60

    def test_leaves_a_time_out_of_the_call_itself_as_it_is(
        self, make_bulkhead: Callable[..., Bulkhead]
    ) -> None:
        def time_out(_: TimeBudget) -> str:
            raise TimeoutError("the call's own")

        with pytest.raises(TimeoutError, match="the call's own"):
            make_bulkhead().call(time_out)

    def test_counts_as_a_failure(
        self, make_bulkhead: Callable[..., Bulkhead], gate: threading.Event
    ) -> None:
        bulkhead = make_bulkhead(
            budget=timedelta(seconds=0.01), opens_after=1, reset_after=timedelta(hours=1)
        )

        with pytest.raises(DeadlinePassed):
            bulkhead.call(lambda _: gate.wait(WAIT))

        assert bulkhead.breaker_state == "open"

    def test_leaves_an_abandoned_call_in_flight_until_it_ends(
        self, make_bulkhead: Callable[..., Bulkhead], gate: threading.Event
    ) -> None:
        bulkhead = make_bulkhead(max_in_flight=1, budget=timedelta(seconds=0.01))
        with pytest.raises(DeadlinePassed):
            bulkhead.call(lambda _: gate.wait(WAIT))

        with pytest.raises(CallRefused, match="in flight"):
            bulkhead.call(answer)
        assert bulkhead.calls_in_flight == 1
        gate.set()

        assert eventually(lambda: bulkhead.calls_in_flight == 0)
