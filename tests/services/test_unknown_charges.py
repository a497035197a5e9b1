"""A provider that says it has never heard of a reference."""

from datetime import timedelta

import pytest

from app.domain.errors import PaymentGatewayUnavailable
from app.domain.states import OrderStatus, PaymentStatus
from app.repositories.database import Database
from app.routers.services import Services
from app.services.settlement import TRY_AGAIN_WITHIN
from tests.factories import Factory
from tests.fakes import FakeClock, FakeGateway

pytestmark = pytest.mark.usefixtures("audited")


class TestSettle:
    def test_goes_on_asking_about_a_charge_the_provider_opened(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        reference = make.pay(make.user(), make.event(capacity=1).id).payment.reference
        lagging = gateway.charges.pop(reference)
        clock.advance(timedelta(minutes=1))
        make.work()

        still_open = services.settlement.outcome(reference)
        gateway.charges[reference] = lagging
        clock.advance(timedelta(minutes=1))
        make.work()

        assert still_open.payment.status == PaymentStatus.OPEN
        assert still_open.payment.ask_at is not None
        assert services.settlement.outcome(reference).order.status == OrderStatus.PAID

    def test_keeps_its_places_as_long_as_those_of_any_other(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        event = make.event(capacity=1)
        opened = make.pay(make.user(), event.id)
        del gateway.charges[opened.payment.reference]

        settlement = services.settlement.settle(opened.payment.reference)

        assert settlement.order.expires_at == opened.order.expires_at
        clock.advance(opened.order.expires_at - clock.now())
        make.work()
        assert services.events.get(event.id).places_left == 1

    def test_goes_on_asking_about_a_charge_that_was_asked_about_before_it_was_open(
        self, services: Services, make: Factory, gateway: FakeGateway, database: Database
    ) -> None:
        ada, event = make.user(), make.event(capacity=1)
        order = make.order(ada, event.id)

        def ask_meanwhile() -> None:
            with database.unit_of_work(read_only=True) as work:
                (payment,) = work.payments.of_order(order.id)
            services.settlement.settle(payment.reference)

        gateway.before_start = ask_meanwhile

        opened = make.pay_order(ada, order)

        assert opened.payment.status == PaymentStatus.OPEN
        assert opened.payment.ask_at is not None

    def test_keeps_places_a_moment_whose_charge_never_reached_the_provider(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        database: Database,
    ) -> None:
        ada, event = make.user(), make.event(capacity=1)
        order = make.order(ada, event.id)
        gateway.go_down()
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay_order(ada, order)
        gateway.come_back()
        with database.unit_of_work(read_only=True) as work:
            (unsent,) = work.payments.of_order(order.id)

        payment = services.settlement.settle(unsent.reference).payment

        assert (payment.status, payment.ask_at) == (PaymentStatus.FAILED, None)
        clock.advance(TRY_AGAIN_WITHIN - timedelta(seconds=1))
        assert services.holds.expire() == 0
        clock.advance(timedelta(seconds=1))
        assert services.holds.expire() == 1
        assert services.events.get(event.id).places_left == 1
