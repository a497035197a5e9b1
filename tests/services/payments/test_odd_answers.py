"""Texts and numbers in the provider's answers that no database keeps, through the real client."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import respx

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.config import Settings
from app.domain.errors import ChargeRefused, PaymentGatewayUnavailable
from app.domain.states import OrderStatus, PaymentStatus
from app.http.services import Services
from app.repositories.database import Database
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.clients.conftest import KEY, URL, done, refused, transaction
from tests.support.factories import Factory
from tests.support.fakes import FakeClock

ODD_TEXTS = ["Declined \ud83d", "Declined\x00", "\udfff\ud800", "a\nb\u202ec"]


def spelled(answer: dict[str, object]) -> bytes:
    """JSON as a program writes it that cuts texts in the middle of a letter: in escapes."""
    return json.dumps(answer).encode()


@pytest.fixture
def wire() -> Iterator[respx.MockRouter]:
    with respx.mock(base_url=URL, assert_all_called=False) as router:
        router.post("/transaction/initialize").respond(
            json=done({"authorization_url": "https://checkout.example/k", "access_code": "k"})
        )
        yield router


@pytest.fixture
def services(
    wire: respx.MockRouter, outside: Adapters, settings: Settings, clock: FakeClock
) -> Iterator[Services]:
    """The shop with Paystack's client in front of a faked wire."""
    bulkhead = Bulkhead(breaker=Breaker(name="paystack", opens_after=3), max_in_flight=2)
    with open_http(URL, max_in_flight=2) as http:
        gateway = PaystackGateway(http=http, bulkhead=bulkhead, secret_key=KEY, clock=clock)
        yield build_services(replace(outside, gateway=gateway), settings)


class TestSettle:
    @pytest.mark.parametrize("text", ODD_TEXTS)
    def test_keeps_the_reason_of_a_failed_payment_whatever_its_letters(
        self, services: Services, make: Factory, wire: respx.MockRouter, text: str
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        row = transaction(reference=reference, status="failed", gateway_response=text)
        wire.get(f"/transaction/verify/{reference}").respond(content=spelled(done(row)))

        settlement = services.settlement.settle(reference)

        assert settlement.payment.status == PaymentStatus.FAILED
        assert services.settlement.outcome(reference).payment.reason

    @pytest.mark.parametrize("name", ["amount", "fees"])
    @pytest.mark.parametrize("number", [2**63, 2**64 - 1, 10**40])
    def test_stores_no_number_that_no_column_holds(
        self, services: Services, make: Factory, wire: respx.MockRouter, name: str, number: int
    ) -> None:
        reference = make.pay(make.user(), make.event(price="5000").id).payment.reference
        row = transaction(reference=reference, requested_amount=500_000) | {name: number}
        wire.get(f"/transaction/verify/{reference}").respond(content=spelled(done(row)))

        with suppress(PaymentGatewayUnavailable):
            services.settlement.settle(reference)

        assert services.settlement.outcome(reference).payment.fee_minor is None

    @pytest.mark.parametrize("text", ODD_TEXTS)
    def test_lets_all_holds_end_beside_an_odd_answer(
        self,
        services: Services,
        make: Factory,
        database: Database,
        clock: FakeClock,
        wire: respx.MockRouter,
        text: str,
    ) -> None:
        event_id = make.event().id
        odd = make.pay(make.user(), event_id)
        orders = [odd.order.id, *(make.order(make.user(), event_id).id for _ in range(3))]
        row = transaction(reference=odd.payment.reference, status="failed", gateway_response=text)
        wire.get(f"/transaction/verify/{odd.payment.reference}").respond(content=spelled(done(row)))

        clock.advance(timedelta(minutes=20))
        make.work()

        with database.reading() as work:
            statuses = {work.orders.get(order_id).status for order_id in orders}
        assert statuses == {OrderStatus.EXPIRED}

    def test_takes_fees_that_the_buyer_bears_as_paystack_shows_them(
        self, services: Services, make: Factory, wire: respx.MockRouter
    ) -> None:
        reference = make.pay(make.user(), make.event(price="300.50").id).payment.reference
        row = transaction(reference=reference, amount=40_333, requested_amount=30_050, fees=10_283)
        wire.get(f"/transaction/verify/{reference}").respond(json=done(row))

        services.settlement.settle(reference).ensure_paid()

        payment = services.settlement.outcome(reference).payment
        assert (payment.surplus_minor, payment.fee_minor) == (10_283, 10_283)


class TestPay:
    @pytest.mark.parametrize("text", ODD_TEXTS)
    def test_passes_a_refusal_on_whatever_its_letters(
        self, services: Services, make: Factory, wire: respx.MockRouter, text: str
    ) -> None:
        wire.post("/transaction/initialize").respond(400, content=spelled(refused(text)))

        with pytest.raises(ChargeRefused) as refusal:
            make.pay(make.user(), make.event().id)

        refusal.value.detail.encode()

    def test_takes_no_page_that_does_not_fit(
        self, services: Services, make: Factory, wire: respx.MockRouter
    ) -> None:
        page = {"authorization_url": "https://checkout.example/" + "k" * 2000, "access_code": "k"}
        wire.post("/transaction/initialize").respond(json=done(page))

        with pytest.raises(PaymentGatewayUnavailable):
            make.pay(make.user(), make.event().id)
