import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.clients.paystack.breaker import Breaker, BreakerOpen
from app.clients.paystack.fence import BudgetSpent, Fence, FenceFull, TimeBudget

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
def make_fence() -> Iterator[Callable[..., Fence]]:
    fences: list[Fence] = []

    def make(
        *,
        max_in_flight: int = 2,
        queue_for: timedelta = timedelta(0),
        budget: timedelta = timedelta(seconds=WAIT),
        opens_after: int = 3,
        reset_after: timedelta = timedelta(0),
    ) -> Fence:
        fence = Fence(
            breaker=Breaker(name="test", opens_after=opens_after, reset_after=reset_after),
            max_in_flight=max_in_flight,
            queue_for=queue_for,
            budget=budget,
        )
        fences.append(fence)
        return fence

    yield make
    for fence in fences:
        fence.close()


def answer(_: TimeBudget) -> str:
    return "answer"


def break_down(_: TimeBudget) -> str:
    raise ProviderBroken


def eventually(is_true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(0.002)
    return False


class TestCall:
    def test_gives_back_the_answer(self, make_fence: Callable[..., Fence]) -> None:
        assert make_fence().call(answer) == "answer"

    def test_keeps_the_failure_that_opens_the_breaker(
        self, make_fence: Callable[..., Fence]
    ) -> None:
        fence = make_fence(opens_after=1, reset_after=timedelta(hours=1))

        with pytest.raises(ProviderBroken):
            fence.call(break_down)

        assert fence.breaker_state == "open"

    def test_sends_nothing_while_the_breaker_is_open(
        self, make_fence: Callable[..., Fence]
    ) -> None:
        fence = make_fence(opens_after=1, reset_after=timedelta(hours=1))
        calls: list[str] = []
        with pytest.raises(ProviderBroken):
            fence.call(break_down)

        with pytest.raises(BreakerOpen):
            fence.call(lambda _: calls.append("sent"))

        assert calls == []

    def test_sends_one_probe_of_fifty_callers(self, make_fence: Callable[..., Fence]) -> None:
        fence = make_fence(opens_after=1, max_in_flight=50)
        with pytest.raises(ProviderBroken):
            fence.call(break_down)
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
                fence.call(probe)
            except BreakerOpen:
                refused.release()

        with ThreadPoolExecutor(50) as pool:
            list(pool.map(come, range(50)))

        assert probes == ["sent"]
        assert fence.breaker_state == "closed"

    def test_runs_calls_side_by_side(self, make_fence: Callable[..., Fence]) -> None:
        fence = make_fence(max_in_flight=8)
        all_there = threading.Barrier(8)

        with ThreadPoolExecutor(8) as pool:
            arrivals = list(
                pool.map(lambda _: fence.call(lambda _: all_there.wait(WAIT)), range(8))
            )

        assert sorted(arrivals) == list(range(8))

    def test_starts_again_after_close(self, make_fence: Callable[..., Fence]) -> None:
        fence = make_fence()
        fence.call(answer)
        fence.close()

        assert fence.call(answer) == "answer"


class TestPlaces:
    def test_refuses_one_call_too_many(
        self, make_fence: Callable[..., Fence], gate: threading.Event
    ) -> None:
        fence = make_fence(max_in_flight=2)

        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(fence.call, lambda _: gate.wait(WAIT)) for _ in range(2)]
            assert eventually(lambda: fence.calls_in_flight == 2)
            with pytest.raises(FenceFull) as refused:
                fence.call(answer)
            gate.set()

        assert refused.value.retry_after == timedelta(seconds=1)
        assert all(call.result() for call in running)
        assert fence.calls_in_flight == 0

    def test_never_runs_more_than_its_places(self, make_fence: Callable[..., Fence]) -> None:
        fence = make_fence(max_in_flight=3, queue_for=timedelta(seconds=WAIT))
        running: list[int] = []
        most: list[int] = []

        def look(_: TimeBudget) -> None:
            running.append(1)
            most.append(len(running))
            time.sleep(0.001)
            running.pop()

        with ThreadPoolExecutor(20) as pool:
            list(pool.map(lambda _: fence.call(look), range(100)))

        assert len(most) == 100
        assert max(most) <= 3

    def test_is_free_for_the_caller_that_just_got_its_answer(
        self, make_fence: Callable[..., Fence]
    ) -> None:
        fence = make_fence(max_in_flight=1)

        answers = [fence.call(answer) for _ in range(500)]

        assert len(answers) == 500

    def test_waits_for_a_place_when_told_to(
        self, make_fence: Callable[..., Fence], gate: threading.Event
    ) -> None:
        fence = make_fence(max_in_flight=1, queue_for=timedelta(seconds=WAIT))

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(fence.call, lambda _: gate.wait(WAIT))
            assert eventually(lambda: fence.calls_in_flight == 1)
            second = pool.submit(fence.call, answer)
            gate.set()

        assert (first.result(), second.result()) == (True, "answer")

    def test_being_full_says_nothing_about_the_provider(
        self, make_fence: Callable[..., Fence], gate: threading.Event
    ) -> None:
        fence = make_fence(max_in_flight=1, opens_after=1)

        with ThreadPoolExecutor(1) as pool:
            pool.submit(fence.call, lambda _: gate.wait(WAIT))
            assert eventually(lambda: fence.calls_in_flight == 1)
            for _ in range(5):
                with pytest.raises(FenceFull):
                    fence.call(answer)
            gate.set()

        assert fence.breaker_state == "closed"


class TestBudget:
    def test_ends_the_wait_for_a_call_that_hangs(
        self, make_fence: Callable[..., Fence], gate: threading.Event
    ) -> None:
        fence = make_fence(budget=timedelta(seconds=0.1))
        started = time.monotonic()

        with pytest.raises(BudgetSpent):
            fence.call(lambda _: gate.wait(WAIT))

        assert time.monotonic() - started < WAIT

    def test_is_known_to_the_call(self, make_fence: Callable[..., Fence]) -> None:
        fence = make_fence(budget=timedelta(seconds=60))

        left = fence.call(lambda budget: budget.left())

        assert 30 < left <= 60

    def test_leaves_a_time_out_of_the_call_itself_as_it_is(
        self, make_fence: Callable[..., Fence]
    ) -> None:
        def time_out(_: TimeBudget) -> str:
            raise TimeoutError("the call's own")

        with pytest.raises(TimeoutError, match="the call's own"):
            make_fence().call(time_out)

    def test_counts_as_a_failure(
        self, make_fence: Callable[..., Fence], gate: threading.Event
    ) -> None:
        fence = make_fence(
            budget=timedelta(seconds=0.01), opens_after=1, reset_after=timedelta(hours=1)
        )

        with pytest.raises(BudgetSpent):
            fence.call(lambda _: gate.wait(WAIT))

        assert fence.breaker_state == "open"

    def test_keeps_the_place_of_an_abandoned_call_until_it_ends(
        self, make_fence: Callable[..., Fence], gate: threading.Event
    ) -> None:
        fence = make_fence(max_in_flight=1, budget=timedelta(seconds=0.01))
        with pytest.raises(BudgetSpent):
            fence.call(lambda _: gate.wait(WAIT))

        with pytest.raises(FenceFull):
            fence.call(answer)
        assert fence.calls_in_flight == 1
        gate.set()

        assert eventually(lambda: fence.calls_in_flight == 0)
