"""One item of a job fails, whatever the job: the others go on, and it is put off."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.domain.ids import EventId, OrderId
from app.domain.states import OrderStatus, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.operations.item_runner import always
from tests.support.factories import Factory
from tests.support.fakes import FakeClock
from tests.support.poisoned import Jobs, PickyGateway, PickyMailer, Poison


@pytest.fixture
def gateway() -> PickyGateway:
    return PickyGateway()


@pytest.fixture
def mailer() -> PickyMailer:
    return PickyMailer()


@pytest.fixture
def poison(database: Database) -> Poison:
    return Poison(database)


@pytest.fixture
def jobs(services: Services, clock: FakeClock) -> Jobs:
    return Jobs(services, clock)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def event_id(make: Factory, organizer: User) -> EventId:
    return make.event(organizer=organizer, capacity=10).id


@pytest.fixture
def status_of(database: Database) -> Callable[[OrderId], OrderStatus]:
    def status(order_id: OrderId) -> OrderStatus:
        with database.reading() as work:
            return work.orders.get(order_id).status

    return status


Status = Callable[[OrderId], OrderStatus]


class TestHolds:
    @pytest.mark.parametrize("job", ["holds", "unopened holds"])
    def test_of_other_orders_end(
        self,
        make: Factory,
        clock: FakeClock,
        poison: Poison,
        jobs: Jobs,
        event_id: EventId,
        status_of: Status,
        job: str,
    ) -> None:
        bad, good = (make.order(make.user(), event_id).id for _ in range(2))
        poison("orders", bad)
        clock.advance(timedelta(minutes=20))

        assert jobs.run(job) == ["item failed"]

        assert (status_of(bad), status_of(good)) == (OrderStatus.PENDING, OrderStatus.EXPIRED)
        jobs.ensure_put_off(job)
        poison.lift()
        jobs.ensure_healed(job)
        assert status_of(bad) == OrderStatus.EXPIRED

    def test_of_other_orders_end_behind_more_failures_than_fit_a_batch(
        self,
        services: Services,
        make: Factory,
        gateway: PickyGateway,
        clock: FakeClock,
        event_id: EventId,
        status_of: Status,
    ) -> None:
        gateway.pays_at_once = False
        opened = [make.pay(make.user(), event_id) for _ in range(4)]
        gateway.poisoned = {payment.payment.reference for payment in opened[:3]}
        clock.advance(timedelta(minutes=20))

        for _ in range(3):
            services.holds.expire(limit=2)

        assert status_of(opened[3].order.id) == OrderStatus.EXPIRED
        assert services.health.readiness().failed_items == 3

    def test_of_a_cancelled_event_end_beside_one_that_fails(
        self,
        make: Factory,
        database: Database,
        clock: FakeClock,
        poison: Poison,
        jobs: Jobs,
        event_id: EventId,
    ) -> None:
        bad, good = (make.order(make.user(), event_id).id for _ in range(2))
        # As it is when they were placed in the moment of the cancellation.
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE events SET cancelled_at = updated_at"))
        poison("orders", bad)

        assert jobs.run("cancelled holds") == ["item failed"]

        with database.reading() as work:
            assert work.orders.get(good).expires_at == clock.now()
            assert work.orders.get(bad).expires_at > clock.now()
        jobs.ensure_put_off("cancelled holds")


class TestPayments:
    def test_are_asked_about_beside_one_that_fails(
        self,
        services: Services,
        make: Factory,
        gateway: PickyGateway,
        clock: FakeClock,
        jobs: Jobs,
        event_id: EventId,
    ) -> None:
        bad, good = (make.pay(make.user(), event_id).payment.reference for _ in range(2))
        gateway.poisoned = {bad}
        clock.advance(timedelta(minutes=1))

        assert jobs.run("payments") == ["item failed"]

        assert services.settlement.outcome(good).tickets
        assert jobs.failed == 1
        gateway.poisoned = set()
        jobs.ensure_healed("payments")
        assert services.settlement.outcome(bad).tickets


class TestWebhooks:
    def test_are_acted_on_behind_one_that_fails(
        self,
        services: Services,
        make: Factory,
        gateway: PickyGateway,
        jobs: Jobs,
        event_id: EventId,
    ) -> None:
        bad, good = (make.pay(make.user(), event_id).payment.reference for _ in range(2))
        gateway.poisoned = {bad}
        for reference in (bad, good):
            body = b'{"event": "charge.success", "data": {"reference": "%s"}}' % reference.encode()
            services.webhooks.receive(body=body, signature="signed")

        assert jobs.run("webhooks") == ["item failed"]

        assert services.settlement.outcome(good).tickets
        gateway.poisoned = set()
        jobs.ensure_healed("webhooks")
        assert services.settlement.outcome(bad).tickets


class TestRefunds:
    def test_are_made_behind_one_that_fails(
        self,
        services: Services,
        make: Factory,
        gateway: PickyGateway,
        jobs: Jobs,
        organizer: User,
        event_id: EventId,
    ) -> None:
        bad, good = (make.buy(make.user(), event_id) for _ in range(2))
        for bought in (bad, good):
            services.refund_requests.request_refund(
                order_id=bought.order.id, caller=organizer, reason="x"
            )
        gateway.poisoned = {bad.payment.reference}

        assert jobs.run("refunds") == ["item failed"]

        assert set(gateway.refunded.values()) == {good.payment.reference}
        gateway.poisoned = set()
        jobs.ensure_healed("refunds")
        assert len(gateway.refunds) == 2

    def test_of_a_cancelled_event_are_recorded_beside_one_that_fails(
        self,
        services: Services,
        make: Factory,
        poison: Poison,
        jobs: Jobs,
        organizer: User,
        event_id: EventId,
        status_of: Status,
    ) -> None:
        bad, good = (make.buy(make.user(), event_id).order.id for _ in range(2))
        poison("orders", bad)
        services.events.cancel(event_id=event_id, organizer=organizer, dry_run=False)

        assert jobs.run("cancelled events") == ["item failed"]

        assert (status_of(bad), status_of(good)) == (OrderStatus.PAID, OrderStatus.REFUNDED)
        jobs.ensure_put_off("cancelled events")
        poison.lift()
        jobs.ensure_healed("cancelled events")
        assert status_of(bad) == OrderStatus.REFUNDED


class TestKeepGoing:
    def test_ends_a_batch_after_the_item_at_hand(
        self, services: Services, make: Factory, mailer: PickyMailer, event_id: EventId
    ) -> None:
        for _ in range(3):
            make.buy(make.user(), event_id)
        answers: Iterator[bool] = iter([True, False])

        done = dict(services.work.jobs)["messages"](keep_going=lambda: next(answers))

        assert done == len(mailer.sent) == 1
        assert always()


class TestForgetStale:
    def test_counts_no_more_what_is_not_due_any_more(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        poison: Poison,
        jobs: Jobs,
        event_id: EventId,
    ) -> None:
        ada = make.user()
        order = make.order(ada, event_id)
        poison("orders", order.id)
        clock.advance(timedelta(minutes=20))
        jobs.run("holds")
        poison.lift()
        services.orders.cancel(buyer_id=ada.id, order_id=order.id)
        assert jobs.failed == 1

        clock.advance(timedelta(days=2))
        jobs.run("clean-up")

        assert jobs.failed == 0


class TestNotDueAnyMore:
    def test_is_forgotten_after_a_day(
        self, services: Services, database: Database, clock: FakeClock
    ) -> None:
        with database.writing() as work:
            work.failed_items.put_off("holds", 7, error="ValueError", now=clock.now())
            clock.advance(timedelta(hours=2))
            work.failed_items.put_off("holds", 8, error="ValueError", now=clock.now())

        clock.advance(timedelta(hours=23))
        services.retention.delete_ended()

        with database.reading() as work:
            assert list(work.failed_items.of_job("holds")) == [8]
