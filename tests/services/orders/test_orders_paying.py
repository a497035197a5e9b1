"""Paying for an order placed before, and giving it up."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import (
    ChargeRefused,
    OrderNotFound,
    OrderNotPending,
    PaymentGatewayUnavailable,
    PaymentRefunded,
    SalesClosed,
)
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import OrderStatus, PaymentStatus, Role
from app.http.services import Services
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture(autouse=True)
def _buyers_take_their_time(gateway: FakeGateway) -> None:
    gateway.pays_at_once = False


@pytest.mark.smoke
class TestPayOrder:
    def test_sells_the_order(self, services: Services, make: Factory, gateway: FakeGateway) -> None:
        ada, event = make.user(), make.event()
        opened = make.pay_order(ada, make.order(ada, event.id, quantity=2))

        gateway.pay(opened.payment.reference)

        settlement = services.settlement.settle(opened.payment.reference)
        assert settlement.order.status == OrderStatus.PAID
        assert len(settlement.tickets) == 2

    def test_hands_an_open_attempt_out_again(self, make: Factory, gateway: FakeGateway) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)
        first = make.pay_order(ada, order)

        again = make.pay_order(ada, order)

        assert again.payment.reference == first.payment.reference
        assert again.payment.authorization_url == first.payment.authorization_url
        assert len(gateway.charges) == 1

    def test_answers_with_the_tickets_when_it_is_paid_already(
        self, make: Factory, gateway: FakeGateway
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)
        gateway.pay(make.pay_order(ada, order).payment.reference)

        assert len(make.pay_order(ada, order).tickets) == 1

    def test_takes_a_new_reference_after_a_decline_and_returns_the_old_ones_money(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event(capacity=1).id)
        declined = make.pay_order(ada, order).payment.reference
        gateway.decline(declined)
        second = make.pay_order(ada, order).payment.reference
        assert second != declined
        gateway.pay(second)
        services.settlement.settle(second).ensure_paid()

        gateway.pay(declined)

        with pytest.raises(PaymentRefunded, match="paid before"):
            services.settlement.settle(declined).ensure_paid()
        make.work()
        assert len(gateway.refunds) == 1

    def test_keeps_the_places_long_enough_to_pay(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)
        clock.advance(timedelta(minutes=14))

        make.pay_order(ada, order)

        clock.advance(timedelta(minutes=4))
        assert services.holds.expire() == 0
        clock.advance(timedelta(minutes=1))
        assert services.holds.expire() == 1

    def test_keeps_the_places_for_an_hour_at_most_however_often_it_is_tried(
        self, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        buyer = make.user()
        order = make.order(buyer, make.event().id)
        for _ in range(13):
            payment = make.pay_order(buyer, order).payment
            gateway.decline(payment.reference)
            clock.advance(timedelta(minutes=4, seconds=50))
        make.work()

        with pytest.raises(OrderNotPending):
            make.pay_order(buyer, order)

    def test_refuses_what_is_not_pending_or_not_theirs(
        self, services: Services, make: Factory
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)
        with pytest.raises(OrderNotFound):
            make.pay_order(make.user(), order)

        services.orders.cancel(buyer_id=ada.id, order_id=order.id)

        with pytest.raises(OrderNotPending):
            make.pay_order(ada, order)

    def test_refuses_when_the_event_was_called_off(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        event = make.event()
        order = make.order(ada, event.id)
        services.events.cancel(event_id=event.id, organizer=admin, dry_run=False)

        with pytest.raises(SalesClosed):
            make.pay_order(ada, order)

        assert not gateway.charges

    def test_keeps_the_places_when_the_provider_refuses(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event(capacity=1)
        order = make.order(ada, event.id)
        gateway.failure = ChargeRefused("x", "Invalid email")
        with pytest.raises(ChargeRefused):
            make.pay_order(ada, order)
        gateway.come_back()

        opened = make.pay_order(ada, order)

        assert opened.payment.status == PaymentStatus.OPEN
        assert services.events.get(event.id).places_left == 0


@pytest.mark.smoke
class TestCancel:
    def test_puts_the_places_back_and_stays_cancelled(
        self, services: Services, make: Factory
    ) -> None:
        ada, event = make.user(), make.event(capacity=3)
        order = make.order(ada, event.id, quantity=2)
        make.pay_order(ada, order)

        for _ in range(2):
            detail = services.orders.cancel(buyer_id=ada.id, order_id=order.id)
            assert detail.order.status == OrderStatus.CANCELLED

        assert services.events.get(event.id).places_left == 3

    def test_asks_paystack_first_and_keeps_an_order_paid_in_this_moment(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)
        gateway.pay(make.pay_order(ada, order).payment.reference)

        with pytest.raises(OrderNotPending, match="paid"):
            services.orders.cancel(buyer_id=ada.id, order_id=order.id)

        assert len(services.orders.get(buyer_id=ada.id, order_id=order.id).tickets) == 1

    def test_changes_nothing_while_paystack_is_silent(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)
        make.pay_order(ada, order)
        gateway.go_down()

        with pytest.raises(PaymentGatewayUnavailable):
            services.orders.cancel(buyer_id=ada.id, order_id=order.id)

        detail = services.orders.get(buyer_id=ada.id, order_id=order.id)
        assert detail.order.status == OrderStatus.PENDING

    def test_pays_back_what_arrives_later(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)
        reference = make.pay_order(ada, order).payment.reference
        services.orders.cancel(buyer_id=ada.id, order_id=order.id)

        gateway.pay(reference)

        with pytest.raises(PaymentRefunded, match="cancelled before"):
            services.settlement.settle(reference).ensure_paid()

    def test_is_for_the_buyer_only(self, services: Services, make: Factory) -> None:
        order = make.order(make.user(), make.event().id)

        with pytest.raises(OrderNotFound):
            services.orders.cancel(buyer_id=make.user().id, order_id=order.id)


class TestPayLate:
    def test_sells_every_type_of_the_order_again(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        types = [NewTicketType(name=n, price=Decimal(1_000), capacity=2) for n in ("A", "B")]
        ada, event = make.user(), make.event(ticket_types=types, shared_capacity=3)
        items = [RequestedItem(ticket_type_id=t.id, quantity=1) for t in event.ticket_types]
        order = services.orders.place(
            buyer=ada, order_request=OrderRequest(event_id=event.id, items=items)
        ).order
        reference = make.pay_order(ada, order).payment.reference
        clock.advance(timedelta(minutes=15))
        assert services.holds.expire() == 1

        gateway.pay(reference)
        services.settlement.settle(reference).ensure_paid()

        shown = services.events.get(event.id)
        assert [t.places_left for t in shown.ticket_types] == [1, 1]
        assert shown.places_left == 1
