import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from app.clients.machine import WakeUp
from app.domain.errors import Busy, DatabaseUnavailable
from app.http.services import Services
from app.services.operations.item_runner import KeepGoing, always
from app.services.operations.worker import Lane, Worker, WorkService
from app.wiring.adapters import Adapters
from tests.steps.waiting import eventually
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.racing import LONGEST

NEVER = timedelta(hours=1)


@pytest.fixture
def signal(outside: Adapters) -> WakeUp:
    return outside.signal


@pytest.fixture
def worker(services: Services, signal: WakeUp) -> Iterator[Worker]:
    """A worker that between two rounds of nothing to do only reacts to its signal."""
    worker = Worker(services.work, signal, rest=timedelta(milliseconds=1), idle=NEVER)
    worker.start()
    yield worker
    worker.stop()


def workers() -> list[str]:
    """Threads of workers that run."""
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name.startswith("worker ")]


class TestRun:
    def test_sends_the_mail_of_a_sale_without_waiting_its_turn(
        self, worker: Worker, make: Factory, mailer: FakeMailer
    ) -> None:
        ada = make.user()

        make.buy(ada, make.event().id)

        assert eventually(lambda: mailer.to(ada.email))

    def test_does_the_other_jobs_when_one_fails(
        self,
        worker: Worker,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        gateway: FakeGateway,
    ) -> None:
        ada = make.user()
        opened = make.pay(make.user(), make.event().id)
        gateway.failure = RuntimeError("a mistake of ours")
        services.webhooks.receive(
            body=b'{"event": "charge.success", "data": {"reference": "%s"}}'
            % opened.payment.reference.encode(),
            signature="signed",
        )

        make.pay(ada, make.event(price="0").id)

        assert eventually(lambda: mailer.to(ada.email))
        with pytest.raises(RuntimeError):
            services.settlement.settle(opened.payment.reference)


class TestLanes:
    def test_end_holds_and_ask_the_provider_while_the_mail_server_hangs(
        self, worker: Worker, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        goes_on = threading.Event()
        is_hanging = threading.Event()

        def hang() -> None:
            is_hanging.set()
            goes_on.wait(LONGEST.total_seconds())

        mailer.before_send = hang
        try:
            event_id = make.event().id
            make.buy(make.user(), event_id)
            assert eventually(is_hanging.is_set)
            reference = make.pay(make.user(), event_id).payment.reference
            services.webhooks.receive(
                body=b'{"event": "charge.success", "data": {"reference": "%s"}}'
                % reference.encode(),
                signature="signed",
            )

            assert eventually(lambda: services.settlement.outcome(reference).tickets)
            assert mailer.sent == []
        finally:
            goes_on.set()

    def test_end_unopened_holds_while_the_provider_hangs(
        self,
        worker: Worker,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        signal: WakeUp,
    ) -> None:
        goes_on = threading.Event()
        is_hanging = threading.Event()

        def hang() -> None:
            is_hanging.set()
            goes_on.wait(LONGEST.total_seconds())

        event_id = make.event(capacity=2).id
        gateway.before_find = hang
        try:
            make.pay(make.user(), event_id)
            make.order(make.user(), event_id)
            clock.advance(timedelta(minutes=20))
            signal.wake()
            assert eventually(is_hanging.is_set)

            assert eventually(lambda: services.events.get(event_id).places_left == 1)
        finally:
            goes_on.set()

    def test_hear_every_signal(self, signal: WakeUp) -> None:
        heard = signal.times
        signal.wake()

        for _ in range(2):
            signal.wait(NEVER, heard=heard)

        assert signal.times == heard + 1

    def test_give_each_job_its_turn(self, signal: WakeUp) -> None:
        turns: list[bool] = []
        is_over = threading.Event()

        def endless(*, keep_going: KeepGoing = always) -> int:
            while keep_going():
                turns.append(True)
            return 1

        def next_job(*, keep_going: KeepGoing = always) -> int:
            is_over.set()
            return 0

        work = WorkService(lanes=[Lane("one", [("endless", endless), ("next", next_job)])])
        worker = Worker(work, signal, longest_turn=timedelta(milliseconds=10))
        worker.start()

        assert is_over.wait(LONGEST.total_seconds())
        worker.stop()
        assert turns

    def test_rest_after_each_round_however_often_they_are_woken(self, signal: WakeUp) -> None:
        rounds: list[bool] = []

        def woken_meanwhile(*, keep_going: KeepGoing = always) -> int:
            rounds.append(True)
            signal.wake()
            return 0

        work = WorkService(lanes=[Lane("one", [("woken", woken_meanwhile)])])
        worker = Worker(work, signal, rest=NEVER, idle=timedelta(0))
        worker.start()
        assert eventually(lambda: rounds)
        for _ in range(100):
            signal.wake()

        worker.stop()
        assert len(rounds) == 1


class TestFailingJob:
    def test_is_logged_when_it_begins_to_fail_and_when_it_works_again(self, signal: WakeUp) -> None:
        rounds = 0
        are_over = threading.Event()

        def job(*, keep_going: KeepGoing = always) -> int:
            nonlocal rounds
            rounds += 1
            if rounds <= 5:
                raise DatabaseUnavailable
            are_over.set()
            return 0

        work = WorkService(lanes=[Lane("one", [("job", job)])])
        soon = timedelta(milliseconds=1)
        worker = Worker(work, signal, idle=soon, without_database=soon)
        with capture_logs() as logs:
            worker.start()
            assert are_over.wait(LONGEST.total_seconds())
            worker.stop()

        events = [line["event"] for line in logs]
        assert events == ["job postponed", "job works again"]


class TestStop:
    def test_ends_a_worker_that_sleeps(self, services: Services, signal: WakeUp) -> None:
        worker = Worker(services.work, signal, idle=NEVER)
        worker.start()

        worker.stop(within=timedelta(seconds=10))

        assert workers() == []

    def test_does_nothing_to_a_worker_that_never_started(
        self, services: Services, signal: WakeUp
    ) -> None:
        Worker(services.work, signal).stop()

        assert workers() == []


class TestWithoutDatabase:
    def test_a_lane_rests(self) -> None:
        asked: list[str] = []
        enough = threading.Event()

        def away(*, keep_going: KeepGoing = always) -> int:
            asked.append("database")
            raise DatabaseUnavailable

        def busy(*, keep_going: KeepGoing = always) -> int:
            asked.append("other")
            if asked.count("other") >= 5:
                enough.set()
            raise Busy

        lanes = (Lane("one", (("away", away),)), Lane("other", (("busy", busy),)))
        worker = Worker(
            WorkService(lanes=lanes),
            WakeUp(),
            idle=timedelta(milliseconds=1),
            without_database=NEVER,
        )
        worker.start()

        assert enough.wait(LONGEST.total_seconds())
        worker.stop()
        assert asked.count("database") == 1


class TestPaused:
    def test_does_nothing_until_the_block_ends(self) -> None:
        rounds = {"one": 0, "other": 0}

        def always_busy(name: str) -> Worker:
            def job(*, keep_going: KeepGoing = always) -> int:
                rounds[name] += 1
                return 1

            work = WorkService(lanes=(Lane(name, (("job", job),)),))
            return Worker(work, WakeUp(), rest=timedelta(milliseconds=1), idle=NEVER)

        one, other = always_busy("one"), always_busy("other")
        one.start()
        other.start()
        eventually(lambda: rounds["one"])

        with one.paused():
            before = dict(rounds)
            eventually(lambda: rounds["other"] > before["other"] + 20)
            assert rounds["one"] == before["one"]

        eventually(lambda: rounds["one"] > before["one"])
        one.stop()
        other.stop()
