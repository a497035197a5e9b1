from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import (
    PaymentFailed,
    PaymentGatewayUnavailable,
    PaymentNotCompleted,
    PaymentNotFound,
    PaymentRefunded,
)
from app.domain.money import Money
from app.domain.ports import ChargeStatus
from app.domain.states import OrderStatus, PaymentStatus
from app.http.services import Services
from app.models.payments.payments import Payment
from app.repositories.database import Database
from app.services.payments.settlement import Settlement
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@pytest.mark.smoke
class TestSettle:
    def test_issues_a_ticket_for_the_event_that_was_paid(
        self, services: Services, make: Factory
    ) -> None:
        ada = make.user()
        make.event(title="Same price", price="2500")
        wanted = make.event(title="Wanted", price="2500")

        settlement = make.buy(ada, wanted.id)

        assert settlement.order.status == OrderStatus.PAID
        assert [ticket.event_id for ticket in settlement.tickets] == [wanted.id]
        assert services.events.get(wanted.id).places_left == 99

    def test_changes_nothing_the_second_time(
        self, services: Services, make: Factory, gateway: FakeGateway, mailer: FakeMailer
    ) -> None:
        ada, event = make.user(), make.event()
        first = make.buy(ada, event.id)

        second = services.settlement.settle(first.payment.reference)
        make.work()

        assert [ticket.id for ticket in second.tickets] == [ticket.id for ticket in first.tickets]
        assert gateway.asked == [first.payment.reference]
        assert len(mailer.sent) == 1

    def test_refuses_somebody_elses_reference(self, services: Services, make: Factory) -> None:
        ada, bola, event = make.user(), make.user(), make.event()
        payment = make.pay(ada, event.id).payment

        with pytest.raises(PaymentNotFound):
            services.settlement.settle(payment.reference, buyer_id=bola.id)

    def test_keeps_the_hold_while_the_buyer_has_not_paid(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        event = make.event(capacity=1)
        reference = make.pay(make.user(), event.id).payment.reference

        settlement = services.settlement.settle(reference)

        with pytest.raises(PaymentNotCompleted):
            settlement.ensure_paid()
        assert services.events.get(event.id).places_left == 0

    def test_sells_after_a_decline_that_was_followed_by_a_success(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference
        gateway.decline(reference, "Insufficient Funds")
        with pytest.raises(PaymentFailed, match="Insufficient Funds"):
            services.settlement.settle(reference).ensure_paid()

        gateway.pay(reference)

        assert services.settlement.settle(reference).payment.status == PaymentStatus.SUCCEEDED

    @pytest.mark.parametrize("paid", [Money(249_999, "NGN"), Money(250_000, "USD")])
    def test_returns_an_amount_that_was_not_asked_for(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        paid: Money,
    ) -> None:
        gateway.pays_at_once = False
        ada = make.user()
        reference = make.pay(ada, make.event().id).payment.reference
        gateway.pay(reference, paid)

        settlement = services.settlement.settle(reference)
        make.work()

        with pytest.raises(PaymentRefunded):
            settlement.ensure_paid()
        assert [refund.amount for refund in gateway.refunds.values()] == [paid]
        assert "goes back" in mailer.to(ada.email)[0].subject

    @pytest.mark.parametrize(
        ("status", "said", "told"),
        [
            (ChargeStatus.FAILED, "Declined by the bank", "Declined by the bank"),
            (ChargeStatus.REVERSED, "Successful", "paid, and the money went back"),
        ],
    )
    def test_sells_nothing_for_money_that_did_not_stay(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        status: ChargeStatus,
        said: str,
        told: str,
    ) -> None:
        event = make.event(capacity=1)
        reference = make.pay(make.user(), event.id).payment.reference
        charge = gateway.charges[reference]
        charge.report = replace(charge.report, status=status, reason=said)

        settlement = services.settlement.settle(reference)

        with pytest.raises(PaymentFailed, match=told):
            settlement.ensure_paid()
        assert settlement.order.status == OrderStatus.PENDING
        assert services.events.get(event.id).places_left == 0

    def test_changes_nothing_while_the_provider_is_silent(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event(capacity=1)
        reference = make.pay(make.user(), event.id).payment.reference
        gateway.go_down()

        with pytest.raises(PaymentGatewayUnavailable):
            services.settlement.settle(reference)

        assert services.settlement.outcome(reference).payment.status == PaymentStatus.OPEN
        assert services.events.get(event.id).places_left == 0

    def test_refuses_a_made_up_reference_without_asking(
        self, services: Services, gateway: FakeGateway
    ) -> None:
        with pytest.raises(PaymentNotFound):
            services.settlement.settle("made-up")

        assert gateway.asked == []

    def test_keeps_what_the_provider_charged_us(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.fee_minor = 13_750

        payment = make.buy(make.user(), make.event().id).payment

        assert payment.fee_minor == 13_750
        assert payment.transaction_id == gateway.charges[payment.reference].report.transaction_id


@pytest.mark.smoke
class TestSettleAfterTheHold:
    """The money arrives when the places are back on sale."""

    @pytest.fixture
    def late(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> Settlement:
        """The payment of an order for the last place, which has expired."""
        gateway.pays_at_once = False
        opened = make.pay(make.user(), make.event(capacity=1).id)
        clock.advance(timedelta(minutes=15))
        assert services.holds.expire() == 1
        return opened

    def test_sells_a_place_that_is_left(
        self, services: Services, make: Factory, gateway: FakeGateway, late: Settlement
    ) -> None:
        gateway.pay(late.payment.reference)

        settlement = services.settlement.settle(late.payment.reference)

        assert settlement.order.status == OrderStatus.PAID
        assert len(settlement.tickets) == 1
        assert services.events.get(late.order.event_id).places_left == 0

    def test_pays_back_when_the_places_went_to_others(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        late: Settlement,
    ) -> None:
        gateway.pays_at_once = True
        make.buy(make.user(), late.order.event_id)
        gateway.pay(late.payment.reference)

        settlement = services.settlement.settle(late.payment.reference)
        services.settlement.settle(late.payment.reference)
        make.work()

        with pytest.raises(PaymentRefunded, match="sold to others"):
            settlement.ensure_paid()
        assert settlement.tickets == ()
        assert [refund.amount for refund in gateway.refunds.values()] == [late.payment.amount]
        subjects = [mail.subject for mail in mailer.sent]
        assert sum("goes back" in subject for subject in subjects) == 1
        assert len(subjects) == 2

    @pytest.mark.slow
    def test_hears_of_a_payment_long_after_it_stopped_asking(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        late: Settlement,
    ) -> None:
        for _ in range(60):
            clock.advance(timedelta(hours=1))
            make.work()
        asked = len(gateway.asked)
        clock.advance(timedelta(days=20))
        make.work()
        assert len(gateway.asked) == asked

        gateway.pay(late.payment.reference)

        assert len(services.settlement.settle(late.payment.reference).tickets) == 1


@pytest.mark.smoke
class TestSettleTwoPaymentsOfOneOrder:
    def test_pays_the_second_one_back(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        database: Database,
    ) -> None:
        ada = make.user()
        first = make.pay(ada, make.event(capacity=5).id)
        second = add_attempt(database, gateway, first)

        services.settlement.settle(first.payment.reference)
        settlement = services.settlement.settle(second)
        make.work()

        with pytest.raises(PaymentRefunded, match="paid before"):
            settlement.ensure_paid()
        assert len(services.settlement.outcome(first.payment.reference).tickets) == 1
        assert services.events.get(first.order.event_id).places_left == 4
        assert len(gateway.refunds) == 1
        assert len(mailer.to(ada.email)) == 2


def add_attempt(database: Database, gateway: FakeGateway, opened: Settlement) -> str:
    """Another payment of the same order, paid as well; gives its reference."""
    reference = f"{opened.payment.reference}-2"
    with database.writing() as work:
        work.payments.add(
            Payment(
                order_id=opened.order.id,
                event_id=opened.order.event_id,
                reference=reference,
                status=PaymentStatus.STARTING,
                amount_minor=opened.payment.amount_minor,
                currency=opened.payment.currency,
                started_at=opened.payment.started_at,
                ask_at=opened.payment.started_at,
            )
        )
    gateway.start_charge(
        reference=reference,
        amount=opened.payment.amount,
        email="ada@example.com",
        callback_url="https://shop.test/",
        cancel_url="https://shop.test/",
        description="again",
    )
    return reference
