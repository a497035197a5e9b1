from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.domain.errors import PaymentGatewayFenced
from app.domain.ids import MAX_ID
from app.domain.money import Money
from app.services.payments.settlement import ASK_AGAIN_AFTER
from tests.api.answers import code_of
from tests.api.conftest import Person
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeGateway, FakeMailer


def pay(api: httpx.Client, person: Person, event_id: int) -> httpx.Response:
    return api.post("/payments/pay", json={"event_id": event_id}, headers=person.headers)


def verify(api: httpx.Client, person: Person, payment: httpx.Response) -> httpx.Response:
    reference = payment.json()["reference"]
    return api.post(f"/payments/verify/{reference}", headers=person.headers)


def show(api: httpx.Client, person: Person, payment: httpx.Response) -> dict[str, Any]:
    answer = api.get(f"/payments/{payment.json()['reference']}", headers=person.headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


class TestPay:
    def test_opens_a_page_to_pay_at(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        event = make.event(price="2500", capacity=10)

        answer = pay(api, ada, event.id)

        assert answer.status_code == 200
        reference = answer.json()["reference"]
        assert answer.json() == {
            "reference": reference,
            "authorization_url": f"https://checkout.test/{reference}",
            "status": "open",
            "order_id": answer.json()["order_id"],
            "order_status": "pending",
            "event_id": event.id,
            "amount": {"amount": 250_000, "currency": "NGN"},
            "surplus": {"amount": 0, "currency": "NGN"},
            "hold_expires_at": "2027-03-01T12:15:00Z",
            "ticket_id": None,
            "ticket_ids": [],
            "reason": None,
            "disputed_at": None,
        }
        charge = gateway.charges[reference]
        assert charge.email == "ada@example.com"
        assert charge.report.amount == Money(250_000, "NGN")
        callback = "https://shop.test/payments/callback"
        key = httpx.URL(charge.callback_url).params["key"]
        assert charge.callback_url == f"{callback}?key={key}"
        cancelled = {"cancelled": "true", "reference": reference, "key": key}
        assert charge.cancel_url == f"{callback}?{httpx.QueryParams(cancelled)}"

    def test_issues_a_free_ticket_without_any_provider(
        self,
        api: httpx.Client,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        ada: Person,
    ) -> None:
        gateway.go_down()
        event = make.event(price="0")

        answer = pay(api, ada, event.id)
        make.work()

        assert answer.status_code == 200
        assert answer.json()["authorization_url"] is None
        assert answer.json()["order_status"] == "paid"
        ticket = api.get(f"/tickets/{answer.json()['ticket_id']}", headers=ada.headers)
        assert ticket.headers["content-type"] == "image/png"
        assert verify(api, ada, answer).json()["ticket_id"] == answer.json()["ticket_id"]
        assert len(mailer.to("ada@example.com")) == 1
        assert gateway.charges == {}

    @pytest.mark.parametrize("price", ["0", "2500"])
    def test_refuses_when_sold_out(
        self, api: httpx.Client, make: Factory, ada: Person, bola: Person, price: str
    ) -> None:
        event = make.event(capacity=1, price=price)
        pay(api, ada, event.id)

        answer = pay(api, bola, event.id)

        assert code_of(answer) == (409, "sold-out")
        assert answer.json()["event_id"] == event.id

    def test_refuses_once_the_event_has_begun(
        self, api: httpx.Client, make: Factory, clock: FakeClock, ada: Person
    ) -> None:
        event = make.event(starts_at=START + timedelta(minutes=5))
        clock.advance(timedelta(minutes=5))

        assert code_of(pay(api, ada, event.id)) == (409, "sales-closed")

    @pytest.mark.parametrize("event_id", [99, MAX_ID])
    def test_refuses_an_unknown_event(self, api: httpx.Client, ada: Person, event_id: int) -> None:
        assert code_of(pay(api, ada, event_id)) == (404, "event-not-found")

    def test_needs_a_login(self, api: httpx.Client, make: Factory) -> None:
        answer = api.post("/payments/pay", json={"event_id": make.event().id})

        assert code_of(answer) == (401, "not-logged-in")

    def test_says_when_to_come_back_while_the_provider_is_fenced_off(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        event = make.event(capacity=1)
        gateway.failure = PaymentGatewayFenced(retry_after=timedelta(seconds=29.2))

        answer = pay(api, ada, event.id)

        assert code_of(answer) == (503, "payment-gateway-fenced")
        assert answer.headers["retry-after"] == "30"
        assert api.get(f"/events/{event.id}").json()["places_left"] == 1

    def test_keeps_the_place_when_the_providers_answer_was_lost(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        event = make.event(capacity=1)
        gateway.answers_lost = True
        gateway.go_down()

        answer = pay(api, ada, event.id)

        assert code_of(answer) == (503, "payment-gateway-unavailable")
        assert int(answer.headers["retry-after"]) > 0
        assert api.get(f"/events/{event.id}").json()["places_left"] == 0


class TestVerify:
    def test_issues_the_ticket(
        self, api: httpx.Client, make: Factory, mailer: FakeMailer, ada: Person
    ) -> None:
        event = make.event()
        payment = pay(api, ada, event.id)

        answer = verify(api, ada, payment)
        make.work()

        assert answer.status_code == 200
        assert answer.json()["event_id"] == event.id
        assert answer.json()["reference"] == payment.json()["reference"]
        assert answer.json()["ticket_ids"] == [answer.json()["ticket_id"]]
        assert len(mailer.to("ada@example.com")) == 1
        assert show(api, ada, payment)["order_status"] == "paid"

    def test_waits_while_the_buyer_has_not_paid(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, clock: FakeClock, ada: Person
    ) -> None:
        gateway.pays_at_once = False
        payment = pay(api, ada, make.event().id)

        answer = verify(api, ada, payment)

        assert code_of(answer) == (402, "payment-not-completed")
        assert answer.json()["authorization_url"] == payment.json()["authorization_url"]
        gateway.pay(payment.json()["reference"])
        clock.advance(ASK_AGAIN_AFTER)
        assert verify(api, ada, payment).status_code == 200

    def test_tells_why_a_payment_failed(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        gateway.pays_at_once = False
        payment = pay(api, ada, make.event().id)
        gateway.decline(payment.json()["reference"], "Insufficient Funds")

        answer = verify(api, ada, payment)

        assert code_of(answer) == (402, "payment-failed")
        assert answer.json()["reason"] == "Insufficient Funds"
        assert show(api, ada, payment)["status"] == "failed"

    @pytest.mark.parametrize("paid", [Money(1, "NGN"), Money(250_000, "GHS")])
    def test_returns_the_wrong_amount(
        self,
        api: httpx.Client,
        make: Factory,
        gateway: FakeGateway,
        ada: Person,
        paid: Money,
    ) -> None:
        gateway.pays_at_once = False
        payment = pay(api, ada, make.event().id)
        gateway.pay(payment.json()["reference"], paid)

        answers = [verify(api, ada, payment) for _ in range(2)]
        make.work()

        assert [code_of(answer) for answer in answers] == [(409, "payment-refunded")] * 2
        assert [refund.amount for refund in gateway.refunds.values()] == [paid]
        assert api.get("/tickets/", headers=ada.headers).json() == []

    def test_says_when_the_provider_is_silent_and_succeeds_later(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        payment = pay(api, ada, make.event().id)
        gateway.go_down()

        silent = verify(api, ada, payment)
        gateway.come_back()

        assert code_of(silent) == (503, "payment-gateway-unavailable")
        assert verify(api, ada, payment).status_code == 200

    def test_takes_no_odd_reference(self, api: httpx.Client, ada: Person) -> None:
        for reference in ("a%00b", "x" * 65, "a%20b", "%F0%9F%8E%9F", "a_b"):
            answer = api.post(f"/payments/verify/{reference}", headers=ada.headers)
            assert code_of(answer) == (422, "validation-failed")


class TestShow:
    def test_tells_how_it_stands_without_asking_the_provider(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        payment = pay(api, ada, make.event().id)
        gateway.go_down()

        before = show(api, ada, payment)
        gateway.come_back()
        ticket_id = verify(api, ada, payment).json()["ticket_id"]

        assert before == payment.json()
        after = show(api, ada, payment)
        assert after["ticket_id"] == ticket_id
        assert after["status"] == "succeeded"
        assert gateway.asked == [payment.json()["reference"]]

    def test_is_for_the_buyer_only(
        self, api: httpx.Client, make: Factory, ada: Person, bola: Person
    ) -> None:
        reference = pay(api, ada, make.event().id).json()["reference"]

        answer = api.get(f"/payments/{reference}", headers=bola.headers)

        assert code_of(answer) == (404, "payment-not-found")
        assert code_of(api.get("/payments/TCK-X", headers=ada.headers))[0] == 404
