"""The same request of the same buyer, made again because the first one was not answered well."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.domain.errors import PaymentGatewayUnavailable, PromoCodeHasOrders
from app.domain.events.changes import PromoCodeChanges, TicketTypeChanges
from app.domain.states import DiscountKind, OrderStatus, Role
from app.http.services import Services
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.conftest import LogIn
from tests.support.factories import RETURNS, Factory
from tests.support.fakes import START, FakeClock, FakeGateway

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture(autouse=True)
def nobody_pays(gateway: FakeGateway) -> None:
    gateway.pays_at_once = False


class TestPay:
    def test_takes_one_place_though_paystack_does_not_answer(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event(capacity=3)
        gateway.go_down()
        order_ids = set()

        for _ in range(3):
            with pytest.raises(PaymentGatewayUnavailable) as refusal:
                make.pay(ada, event.id)
            order_ids.add(refusal.value.facts["order_id"])

        assert services.events.get(event.id).places_left == 2
        gateway.come_back()
        settlement = make.pay(ada, event.id)
        assert order_ids == {settlement.order.id}
        assert settlement.payment.authorization_url
        assert services.events.get(event.id).places_left == 2

    def test_hands_out_the_page_that_is_open(self, make: Factory) -> None:
        ada, event = make.user(), make.event(max_per_buyer=1)

        first, second = make.pay(ada, event.id), make.pay(ada, event.id)

        assert second.payment.authorization_url == first.payment.authorization_url

    def test_pays_for_an_order_placed_before(self, make: Factory) -> None:
        ada, event = make.user(), make.event()
        order = make.order(ada, event.id, quantity=2)

        assert make.pay(ada, event.id, quantity=2).order.id == order.id
        assert make.pay(ada, event.id).order.id != order.id

    def test_buys_another_ticket_once_the_first_is_paid(
        self, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event()
        first = make.pay(ada, event.id)
        gateway.pay(first.payment.reference)

        second = make.pay(ada, event.id)

        assert second.order.id != first.order.id
        assert make.services.orders.get(buyer_id=ada.id, order_id=first.order.id).tickets

    def test_is_about_the_same_event_places_and_names(
        self, services: Services, make: Factory
    ) -> None:
        ada, event = make.user(), make.event()
        first = make.pay(ada, event.id)
        order_request = make.order_request(event.id)

        other_event = make.pay(ada, make.event().id)
        (item,) = order_request.items
        named = services.payments.pay(
            buyer=ada,
            order_request=replace(order_request, items=[replace(item, attendees=["Bola"])]),
            returns=RETURNS,
        )
        other_buyer = make.pay(make.user(), event.id)

        found = {one.order.id for one in (first, other_event, named, other_buyer)}
        assert len(found) == 4

    def test_goes_on_from_an_order_whose_hold_has_ended(
        self, services: Services, make: Factory
    ) -> None:
        ada, event = make.user(), make.event()
        first = make.pay(ada, event.id)
        services.orders.cancel(buyer_id=ada.id, order_id=first.order.id)

        second = make.pay(ada, event.id)

        assert second.order.id != first.order.id
        assert second.order.status == OrderStatus.PENDING


class TestAfterTheOrganizerChangedSomething:
    @pytest.mark.parametrize(
        "changes",
        [
            {"min_per_order": 2},
            {"access_code": "BACKSTAGE"},
            {"sales_close_at": START + timedelta(seconds=1)},
        ],
        ids=lambda changes: next(iter(changes)),
    )
    def test_pays_for_the_order_the_shop_chose_then(
        self, services: Services, make: Factory, clock: FakeClock, changes: dict[str, Any]
    ) -> None:
        ada, organizer = make.user(), make.user(role=Role.ORGANIZER)
        types = [NewTicketType(name=name, price=Decimal(2_500)) for name in ("A", "B")]
        event = make.event(organizer=organizer, ticket_types=types)
        first = make.pay(ada, event.id)

        services.ticket_types.edit(
            event_id=event.id,
            ticket_type_id=event.ticket_types[0].id,
            organizer=organizer,
            changes=TicketTypeChanges(**changes),
        )
        clock.advance(timedelta(seconds=2))

        assert make.pay(ada, event.id).order.id == first.order.id

    @pytest.mark.parametrize("letters_are_given_again", [False, True])
    def test_pays_at_the_discount_of_a_promo_code_that_has_other_letters_now(
        self, services: Services, make: Factory, letters_are_given_again: bool
    ) -> None:
        ada, organizer = make.user(), make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        new = NewPromoCode(code="LESS", kind=DiscountKind.PERCENT, value=Decimal(50))
        codes = services.promo_codes
        code = codes.create(event_id=event.id, organizer=organizer, new=new)
        order_request = make.order_request(event.id, promo_code="less")
        first = services.payments.pay(buyer=ada, order_request=order_request, returns=RETURNS)

        codes.edit(
            event_id=event.id,
            promo_code_id=code.id,
            organizer=organizer,
            changes=PromoCodeChanges(code="OTHER"),
        )
        if letters_are_given_again:
            codes.create(event_id=event.id, organizer=organizer, new=new)

        again = services.payments.pay(buyer=ada, order_request=order_request, returns=RETURNS)
        assert again.order.id == first.order.id

    def test_finds_the_promo_code_as_one_with_orders_is_not_deleted(
        self, services: Services, make: Factory
    ) -> None:
        ada, organizer = make.user(), make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        new = NewPromoCode(code="LESS", kind=DiscountKind.PERCENT, value=Decimal(50))
        code = services.promo_codes.create(event_id=event.id, organizer=organizer, new=new)
        order_request = make.order_request(event.id, promo_code="LESS")
        first = services.payments.pay(buyer=ada, order_request=order_request, returns=RETURNS)

        with pytest.raises(PromoCodeHasOrders):
            services.promo_codes.delete(
                event_id=event.id, promo_code_id=code.id, organizer=organizer
            )

        again = services.payments.pay(buyer=ada, order_request=order_request, returns=RETURNS)
        assert again.order.id == first.order.id


class TestOverHttp:
    def test_a_503_says_how_to_go_on(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, log_in: LogIn
    ) -> None:
        ada, event = log_in("ada"), make.event(capacity=1)
        gateway.go_down()

        refused = api.post("/payments/pay", json={"event_id": event.id}, headers=ada)

        assert refused.status_code == 503
        assert f"POST /orders/{refused.json()['order_id']}/pay" in refused.json()["detail"]
        gateway.come_back()
        paid = api.post(f"/orders/{refused.json()['order_id']}/pay", headers=ada)
        assert paid.json()["authorization_url"]

    def test_a_503_of_an_order_says_so_as_well(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, log_in: LogIn
    ) -> None:
        ada, event = log_in("ada"), make.event()
        order = api.post("/orders", json={"event_id": event.id}, headers=ada).json()
        gateway.go_down()

        for _ in range(2):
            refused = api.post(f"/orders/{order['id']}/pay", headers=ada)
            assert (refused.status_code, refused.json()["order_id"]) == (503, order["id"])
