from datetime import timedelta

import pytest

from app.domain.errors import (
    ChargeRefused,
    EventNotFound,
    PaymentGatewayFenced,
    PaymentGatewayUnavailable,
    PaymentNotFound,
    SalesClosed,
    SoldOut,
)
from app.domain.ids import EventId
from app.domain.states import OrderStatus, PaymentStatus
from app.http.services import Services
from app.services.payments.payments import ASK_AFTER_SILENCE
from app.services.payments.settlement import TRY_AGAIN_WITHIN
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@pytest.mark.smoke
class TestPay:
    def test_asks_the_provider_for_exactly_what_it_stored(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event(price="2500")

        payment = make.pay(ada, event.id).payment

        charge = gateway.charges[payment.reference]
        assert (charge.report.amount, charge.email) == (payment.amount, ada.email)
        assert payment.authorization_url == f"https://checkout.test/{payment.reference}"
        assert payment.status == PaymentStatus.OPEN

    def test_asks_for_every_place(self, services: Services, make: Factory) -> None:
        event = make.event(price="2500", capacity=10)

        settlement = make.pay(make.user(), event.id, quantity=3)

        assert settlement.payment.amount_minor == 750_000
        assert services.events.get(event.id).places_left == 7
        settled = services.settlement.settle(settlement.payment.reference)
        assert [ticket.number for ticket in settled.tickets] == [1, 2, 3]
        assert len({ticket.code for ticket in settled.tickets}) == 3

    def test_sells_free_places_at_once_without_the_provider(
        self, services: Services, make: Factory, gateway: FakeGateway, mailer: FakeMailer
    ) -> None:
        gateway.go_down()
        ada, event = make.user(), make.event(price="0", capacity=1)

        settlement = make.pay(ada, event.id)
        make.work()

        assert settlement.order.status == OrderStatus.PAID
        assert len(settlement.tickets) == 1
        assert not gateway.charges
        assert len(mailer.to(ada.email)) == 1
        with pytest.raises(SoldOut):
            make.pay(make.user(), event.id)

    def test_refuses_more_places_than_are_left(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event(capacity=2)

        with pytest.raises(SoldOut):
            make.pay(make.user(), event.id, quantity=3)

        assert services.events.get(event.id).places_left == 2
        assert not gateway.charges

    def test_refuses_an_event_that_has_begun(self, make: Factory, clock: FakeClock) -> None:
        event = make.event(starts_at=clock.now() + timedelta(hours=1))
        ada = make.user()

        clock.advance(timedelta(hours=1))

        with pytest.raises(SalesClosed):
            make.pay(ada, event.id)

    def test_refuses_an_event_that_does_not_exist(self, make: Factory) -> None:
        with pytest.raises(EventNotFound):
            make.pay(make.user(), EventId(404))

    @pytest.mark.parametrize(
        "failure", [ChargeRefused("ref", "Currency not supported"), PaymentGatewayFenced()]
    )
    def test_frees_the_places_at_once_when_no_charge_can_exist(
        self, services: Services, make: Factory, gateway: FakeGateway, failure: Exception
    ) -> None:
        event = make.event(capacity=1)
        gateway.failure = failure

        with pytest.raises(type(failure)):
            make.pay(make.user(), event.id)

        assert services.events.get(event.id).places_left == 1
        gateway.come_back()
        make.buy(make.user(), event.id)

    def test_does_not_let_one_buyers_outage_reach_the_next(
        self, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event()
        gateway.go_down()
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay(make.user(), event.id)
        gateway.come_back()

        assert len(make.buy(make.user(), event.id).tickets) == 1


class TestPayWithoutAnAnswer:
    """The provider was reached, and it is unknown whether it opened the charge."""

    @pytest.fixture
    def silent_event(self, make: Factory, gateway: FakeGateway) -> EventId:
        gateway.go_down()
        return make.event(capacity=1).id

    def test_keeps_the_hold(self, services: Services, make: Factory, silent_event: EventId) -> None:
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay(make.user(), silent_event)

        assert services.events.get(silent_event).places_left == 0

    def test_issues_the_ticket_when_the_charge_turns_out_to_be_paid(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        clock: FakeClock,
        silent_event: EventId,
    ) -> None:
        gateway.answers_lost = True
        ada = make.user()
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay(ada, silent_event)
        gateway.come_back()

        clock.advance(ASK_AFTER_SILENCE)
        make.work()

        assert len(mailer.to(ada.email)) == 1
        assert services.events.get(silent_event).places_left == 0

    def test_frees_the_places_soon_when_the_charge_never_existed(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        silent_event: EventId,
    ) -> None:
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay(make.user(), silent_event)
        gateway.come_back()

        clock.advance(ASK_AFTER_SILENCE)
        make.work()
        clock.advance(TRY_AGAIN_WITHIN)
        make.work()

        assert services.events.get(silent_event).places_left == 1

    def test_is_not_asked_about_while_the_call_may_still_be_under_way(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        silent_event: EventId,
    ) -> None:
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay(make.user(), silent_event)
        gateway.come_back()

        clock.advance(ASK_AFTER_SILENCE - timedelta(seconds=1))

        assert services.polling.ask_due() == 0

    def test_is_asked_about_until_the_provider_says_something(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        silent_event: EventId,
    ) -> None:
        gateway.answers_lost = True
        with pytest.raises(PaymentGatewayUnavailable):
            make.pay(make.user(), silent_event)
        gateway.answers_lost = False

        for _ in range(20):
            clock.advance(timedelta(minutes=1))
            make.work()
        assert services.events.get(silent_event).places_left == 0
        gateway.come_back()
        clock.advance(timedelta(minutes=1))
        make.work()

        assert gateway.asked
        assert services.events.get(silent_event).places_left == 0
        assert services.health.readiness().outbox_age is None


class TestGet:
    def test_asks_nobody(self, services: Services, make: Factory, gateway: FakeGateway) -> None:
        ada = make.user()
        reference = make.pay(ada, make.event().id).payment.reference
        gateway.go_down()

        settlement = services.payments.get(reference=reference, buyer=ada)

        assert settlement.payment.status == PaymentStatus.OPEN

    def test_hides_it_from_others(self, services: Services, make: Factory) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference

        with pytest.raises(PaymentNotFound):
            services.payments.get(reference=reference, buyer=make.user())
