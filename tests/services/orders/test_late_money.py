"""Money that arrives when there is nothing left to sell for it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import PaymentRefunded, SalesClosed
from app.domain.events.schedules import Schedule
from app.domain.states import OrderStatus, PaymentStatus, Role
from app.models.events.ticket_types import TicketType
from app.services.events.ticket_types import NewTicketType
from app.services.payments.settlement import Settlement
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeGateway, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture(autouse=True)
def nobody_pays(gateway: FakeGateway) -> None:
    gateway.pays_at_once = False


class TestSettle:
    @pytest.mark.parametrize("swept", [True, False], ids=["expired", "not swept yet"])
    def test_returns_money_for_an_event_that_is_over(
        self,
        make: Factory,
        clock: FakeClock,
        gateway: FakeGateway,
        mailer: FakeMailer,
        swept: bool,
    ) -> None:
        ada, event = make.user(), make.event()
        opened = make.pay(ada, event.id)
        clock.advance(event.starts_at - clock.now() + timedelta(days=1))
        if swept:
            make.work()
        gateway.pay(opened.payment.reference)

        settled = make.services.settlement.settle(opened.payment.reference)
        make.work()

        assert_returned(settled, "the event was over before the money arrived")
        assert "the event was over" in mailer.to(ada.email)[-1].text

    def test_returns_money_for_an_event_that_was_called_off(
        self, make: Factory, gateway: FakeGateway, mailer: FakeMailer
    ) -> None:
        ada, admin, event = make.user(), make.user(role=Role.ADMIN), make.event()
        opened = make.pay(ada, event.id)
        make.services.events.cancel(event_id=event.id, organizer=admin, dry_run=False)
        gateway.pay(opened.payment.reference)

        settled = make.services.settlement.settle(opened.payment.reference)
        make.work()

        assert_returned(settled, "the event was cancelled")
        assert "was cancelled" in mailer.to(ada.email)[-1].text

    def test_sells_what_is_left_of_an_event_that_goes_on(
        self, make: Factory, clock: FakeClock, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event()
        opened = make.pay(ada, event.id)
        clock.advance(event.starts_at - clock.now() + timedelta(hours=23))
        make.work()
        gateway.pay(opened.payment.reference)

        settled = make.services.settlement.settle(opened.payment.reference)

        assert settled.order.status == OrderStatus.PAID


class TestPlace:
    def test_sells_nothing_after_the_end_whatever_the_type_says(self) -> None:
        of_old = TicketType(sales_open_at=None, sales_close_at=START + timedelta(days=7))
        schedule = Schedule(START, START + timedelta(hours=3))

        moments = [START + timedelta(hours=hours) for hours in (2, 3, 48)]

        on_sale = [of_old.is_on_sale(schedule=schedule, now=moment) for moment in moments]
        assert on_sale == [True, False, False]

    def test_holds_no_place_beyond_the_end(self, make: Factory, clock: FakeClock) -> None:
        starts_at = clock.now() + timedelta(hours=2)
        late = NewTicketType(
            name="Late", price=Decimal(2500), sales_close_at=starts_at + timedelta(days=1)
        )
        event = make.event(starts_at=starts_at, ticket_types=[late])
        clock.advance(timedelta(hours=25, minutes=57))
        ada = make.user()

        order, unpaid = make.order(ada, event.id), make.order(ada, event.id)

        end = starts_at + timedelta(days=1)
        assert order.expires_at == end
        assert make.pay_order(ada, order).order.expires_at == end
        clock.advance(timedelta(minutes=3))
        with pytest.raises(SalesClosed):
            make.pay_order(ada, unpaid)


def assert_returned(settled: Settlement, reason: str) -> None:
    assert settled.payment.status == PaymentStatus.RETURNED
    assert not settled.tickets
    with pytest.raises(PaymentRefunded, match=reason):
        settled.ensure_paid()
