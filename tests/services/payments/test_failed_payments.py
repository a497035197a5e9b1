"""What a buyer is told of a payment that did not go through."""

from datetime import timedelta

import pytest

from app.http.services import Services
from app.models.payments.payments import Payment
from app.models.users.users import User
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user()


@pytest.fixture
def payment(make: Factory, gateway: FakeGateway, ada: User) -> Payment:
    """One that the buyer has not made yet."""
    gateway.pays_at_once = False
    return make.pay(ada, make.event(title="Jazz <Night>").id).payment


class TestDecline:
    def test_is_told_once_with_the_reason_and_the_way_to_pay(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        ada: User,
        payment: Payment,
    ) -> None:
        gateway.decline(payment.reference, "Insufficient funds")
        for _ in range(3):
            services.settlement.settle(payment.reference)
            make.work()

        (mail,) = mailer.to(ada.email)
        assert mail.subject == "Your payment for Jazz <Night> did not go through"
        assert mail.html is not None
        for body in (mail.text, mail.html):
            for fact in (
                "NGN 2,500.00",
                "Insufficient funds",
                "Monday, 01 March 2027, 13:15 (WAT)",
                f"https://checkout.test/{payment.reference}",
                f"Order: {payment.order_id}",
                payment.reference,
            ):
                assert fact in body

    def test_is_told_again_for_another_payment_of_the_order(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        ada: User,
        payment: Payment,
    ) -> None:
        gateway.decline(payment.reference)
        order = services.settlement.settle(payment.reference).order
        make.work()
        second = make.pay_order(ada, order).payment
        gateway.decline(second.reference)
        services.settlement.settle(second.reference)

        make.work()

        assert second.reference != payment.reference
        assert len(mailer.to(ada.email)) == 2

    def test_is_not_told_if_the_buyer_paid_meanwhile(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        ada: User,
        payment: Payment,
    ) -> None:
        gateway.decline(payment.reference)
        services.settlement.settle(payment.reference)
        gateway.pay(payment.reference)
        services.settlement.settle(payment.reference)

        make.work()

        assert [mail.subject for mail in mailer.to(ada.email)] == ["Your ticket for Jazz <Night>"]
        assert services.health.readiness().outbox_age is None

    def test_is_not_told_if_the_order_is_over(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        clock: FakeClock,
        payment: Payment,
    ) -> None:
        clock.advance(timedelta(minutes=15))
        services.holds.expire()
        gateway.decline(payment.reference)

        services.settlement.settle(payment.reference)
        make.work()

        assert mailer.sent == []

    def test_is_not_told_of_a_charge_paystack_never_heard_of(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        payment: Payment,
    ) -> None:
        del gateway.charges[payment.reference]

        services.settlement.settle(payment.reference)
        make.work()

        assert mailer.sent == []
