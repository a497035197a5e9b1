"""A provider that says it has never heard of a reference."""

from datetime import timedelta

import pytest

from app.domain.errors import PaymentGatewayUnavailable
from app.domain.states import OrderStatus, PaymentStatus
from app.http.services import Services
from app.models.orders.orders import Order
from app.models.payments.payments import Payment
from app.models.users.users import User
from app.repositories.database import Database
from app.services.payments.payment_polling import ASK_UNSENT_UNTIL
from app.services.payments.settlement import TRY_AGAIN_WITHIN
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

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
            with database.reading() as work:
                (payment,) = work.payments.of_order(order.id)
            services.settlement.settle(payment.reference)

        gateway.before_start = ask_meanwhile

        opened = make.pay_order(ada, order)

        assert opened.payment.status == PaymentStatus.OPEN
        assert opened.payment.ask_at is not None


class TestUnsentCharge:
    """One whose call failed, and which the provider does not know."""

    @pytest.fixture
    def ada(self, make: Factory) -> User:
        return make.user()

    @pytest.fixture
    def order(self, make: Factory, ada: User) -> Order:
        return make.order(ada, make.event(capacity=1).id)

    @pytest.fixture
    def unsent(
        self, services: Services, make: Factory, gateway: FakeGateway, ada: User, order: Order
    ) -> Payment:
        gateway.go_down()
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay_order(ada, order)
        gateway.come_back()
        (payment,) = services.orders.get(buyer_id=ada.id, order_id=order.id).payments
        return services.settlement.settle(payment.reference).payment

    def test_keeps_its_places_a_moment(
        self, services: Services, clock: FakeClock, order: Order, unsent: Payment
    ) -> None:
        assert unsent.status == PaymentStatus.FAILED
        clock.advance(TRY_AGAIN_WITHIN - timedelta(seconds=1))
        assert services.holds.expire() == 0
        clock.advance(timedelta(seconds=1))
        assert services.holds.expire() == 1
        assert services.events.get(order.event_id).places_left == 1

    def test_does_not_shorten_the_hold_of_one_who_pays_again(
        self, services: Services, make: Factory, ada: User, order: Order, unsent: Payment
    ) -> None:
        again = make.pay_order(ada, order)

        services.settlement.settle(unsent.reference)

        now = services.orders.get(buyer_id=ada.id, order_id=order.id).order
        assert now.expires_at == again.order.expires_at

    def test_that_arrives_late_is_found_without_a_webhook(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        ada: User,
        order: Order,
        unsent: Payment,
    ) -> None:
        services.orders.cancel(buyer_id=ada.id, order_id=order.id)
        gateway.start_charge(
            reference=unsent.reference,
            amount=unsent.amount,
            email=ada.email,
            callback_url="",
            cancel_url="",
            description="",
        )

        clock.advance(timedelta(minutes=20))
        make.work()

        assert services.settlement.outcome(unsent.reference).payment.status == (
            PaymentStatus.RETURNED
        )
        assert len(gateway.refunds) == 1

    def test_is_not_asked_about_for_ever(
        self, make: Factory, gateway: FakeGateway, clock: FakeClock, unsent: Payment
    ) -> None:
        for _ in range(3):
            clock.advance(ASK_UNSENT_UNTIL)
            make.work()
        asked = len(gateway.asked)

        clock.advance(ASK_UNSENT_UNTIL)
        make.work()

        assert len(gateway.asked) == asked
