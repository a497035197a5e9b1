from datetime import timedelta

import pytest

from app.domain.errors import PaymentFailed, PaymentNotCompleted, PaymentNotFound, PaymentRefunded
from app.domain.money import Money
from app.domain.states import OrderStatus, PaymentStatus
from app.routers.services import Services
from tests.factories import Factory
from tests.fakes import FakeClock, FakeGateway, FakeMailer


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


class TestExpireHolds:
    def test_puts_places_back_on_sale(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        gateway.pays_at_once = False
        event = make.event(capacity=1)
        make.pay(make.user(), event.id)

        clock.advance(timedelta(minutes=15))

        assert services.work.expire_holds() == 1
        assert services.events.get(event.id).places_left == 1
