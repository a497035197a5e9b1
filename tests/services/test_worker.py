import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.routers.services import Services
from app.services.worker import WakeUp, Worker
from app.wiring.adapters import Adapters
from tests.factories import Factory
from tests.fakes import FakeGateway, FakeMailer
from tests.waiting import eventually

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


class TestStop:
    def test_ends_a_worker_that_sleeps(self, services: Services, signal: WakeUp) -> None:
        worker = Worker(services.work, signal, idle=NEVER)
        worker.start()

        worker.stop(within=timedelta(seconds=10))

        assert "worker" not in [thread.name for thread in threading.enumerate()]

    def test_does_nothing_to_a_worker_that_never_started(
        self, services: Services, signal: WakeUp
    ) -> None:
        Worker(services.work, signal).stop()

        assert "worker" not in [thread.name for thread in threading.enumerate()]
