from datetime import timedelta

import pytest

from app.config import Settings
from app.domain.ids import EventId
from app.domain.states import OrderStatus, PaymentStatus
from app.http.services import Services
from app.services.orders.holds import KEEP_HOLD_FOR
from app.services.payments.payment_polling import ASK_UNTIL
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@pytest.mark.smoke
class TestExpireHolds:
    @pytest.fixture
    def event_id(self, make: Factory, gateway: FakeGateway) -> EventId:
        """An event with one place, whose buyers do not pay by themselves."""
        gateway.pays_at_once = False
        return make.event(capacity=1).id

    def test_puts_places_back_on_sale(
        self, services: Services, make: Factory, clock: FakeClock, event_id: EventId
    ) -> None:
        make.pay(make.user(), event_id)

        clock.advance(timedelta(minutes=15))

        assert services.holds.expire() == 1
        assert services.holds.expire() == 0
        assert services.events.get(event_id).places_left == 1

    def test_leaves_a_hold_alone_until_its_end(
        self,
        services: Services,
        make: Factory,
        settings: Settings,
        clock: FakeClock,
        event_id: EventId,
    ) -> None:
        make.pay(make.user(), event_id)

        clock.advance(settings.hold_for - timedelta(microseconds=1))

        assert services.holds.expire() == 0
        assert services.events.get(event_id).places_left == 0

    def test_asks_first_and_sells_what_was_paid(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        clock: FakeClock,
        event_id: EventId,
    ) -> None:
        ada = make.user()
        reference = make.pay(ada, event_id).payment.reference
        gateway.pay(reference)
        clock.advance(timedelta(minutes=15))

        assert services.holds.expire() == 0
        make.work()

        assert services.settlement.outcome(reference).order.status == OrderStatus.PAID
        assert len(mailer.to(ada.email)) == 1

    def test_keeps_the_hold_while_nobody_can_say_whether_it_was_paid(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        event_id: EventId,
    ) -> None:
        reference = make.pay(make.user(), event_id).payment.reference
        gateway.go_down()
        clock.advance(timedelta(minutes=15))
        for _ in range(5):
            assert services.holds.expire() == 0
            clock.advance(KEEP_HOLD_FOR)
        assert services.events.get(event_id).places_left == 0
        gateway.come_back()
        gateway.pay(reference)

        services.holds.expire()

        assert services.settlement.outcome(reference).payment.status == PaymentStatus.SUCCEEDED

    def test_does_not_ask_again_before_the_longer_hold_ends(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        event_id: EventId,
    ) -> None:
        make.pay(make.user(), event_id)
        gateway.go_down()
        clock.advance(timedelta(minutes=15))
        services.holds.expire()
        gateway.come_back()

        assert services.holds.expire() == 0
        clock.advance(KEEP_HOLD_FOR)

        assert services.holds.expire() == 1

    def test_goes_on_behind_a_full_batch(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        gateway.pays_at_once = False
        event = make.event(capacity=5)
        for _ in range(5):
            make.pay(make.user(), event.id)

        clock.advance(timedelta(minutes=15))

        assert [services.holds.expire(limit=2) for _ in range(4)] == [2, 2, 1, 0]
        assert services.events.get(event.id).places_left == 5


class TestAskAboutPayments:
    def test_settles_what_no_webhook_told(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference

        clock.advance(timedelta(minutes=1))

        assert services.polling.ask_due() == 1
        assert len(services.settlement.outcome(reference).tickets) == 1
        assert services.polling.ask_due() == 0

    def test_asks_less_and_less_often_and_in_the_end_no_more(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        gateway.pays_at_once = False
        make.pay(make.user(), make.event().id)
        asked_in_hour = []
        for _ in range(int(ASK_UNTIL / timedelta(hours=1)) + 3):
            before = len(gateway.asked)
            for _ in range(4):
                clock.advance(timedelta(minutes=15))
                services.polling.ask_due()
            asked_in_hour.append(len(gateway.asked) - before)

        assert asked_in_hour[0] > asked_in_hour[10] == 1
        assert asked_in_hour[-1] == 0

    def test_leaves_a_claimed_payment_to_its_worker(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        make.pay(make.user(), make.event().id)
        clock.advance(timedelta(minutes=1))
        other = []
        gateway.before_find = lambda: other.append(services.polling.ask_due())

        services.polling.ask_due()

        assert other == [0]
