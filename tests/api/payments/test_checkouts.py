"""Buying without an account, over HTTP."""

from typing import Any

import httpx
import pytest

from app.domain.errors import PaymentGatewayUnavailable
from app.http.services import Services
from tests.api.answers import code_of
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway


@pytest.fixture
def body(make: Factory) -> dict[str, Any]:
    event = make.event(price="2500", capacity=3)
    return {
        "event_id": event.id,
        "items": [{"ticket_type_id": event.ticket_types[0].id, "quantity": 2}],
        "name": "Ada Obi",
        "email": "ada@example.com",
    }


@pytest.mark.smoke
class TestCheckOut:
    def test_answers_with_the_order_and_where_to_pay(
        self, api: httpx.Client, body: dict[str, Any], gateway: FakeGateway
    ) -> None:
        placed = api.post("/checkout", json=body)

        assert placed.status_code == 201
        order = placed.json()
        (reference,) = gateway.charges
        assert (order["status"], order["total"]["amount"]) == ("pending", 500_000)
        assert order["reference"] == reference
        assert order["authorization_url"] == f"https://checkout.test/{reference}"
        assert order["order_url"] == f"https://shop.test/o/{order['token']}"
        assert order["tickets"] == []

    def test_shows_the_tickets_once_they_are_paid(
        self, api: httpx.Client, body: dict[str, Any], services: Services
    ) -> None:
        order = api.post("/checkout", json=body).json()
        services.settlement.settle(order["reference"])

        shown = api.get(f"/checkout/{order['token']}").json()

        assert (shown["status"], shown["authorization_url"]) == ("paid", None)
        assert [ticket["attendee_name"] for ticket in shown["tickets"]] == ["Ada Obi"] * 2
        for ticket in shown["tickets"]:
            assert api.get(httpx.URL(ticket["url"]).path).status_code == 200

    def test_gives_free_tickets_at_once(self, api: httpx.Client, make: Factory) -> None:
        wanted = {"event_id": make.event(price="0").id, "name": "Ada", "email": "ada@example.com"}

        order = api.post("/checkout", json=wanted).json()

        assert (order["status"], order["authorization_url"]) == ("paid", None)
        assert len(order["tickets"]) == 1

    def test_places_one_order_under_one_key(
        self, api: httpx.Client, body: dict[str, Any], gateway: FakeGateway
    ) -> None:
        answers = [
            api.post("/checkout", json=body, headers={"Idempotency-Key": "one"}) for _ in range(2)
        ]

        assert answers[0].json() == answers[1].json()
        assert answers[1].headers["idempotent-replayed"] == "true"
        assert len(gateway.charges) == 1

    def test_places_another_order_without_one(
        self, api: httpx.Client, body: dict[str, Any]
    ) -> None:
        body["items"][0]["quantity"] = 1

        tokens = {api.post("/checkout", json=body).json()["token"] for _ in range(2)}

        assert len(tokens) == 2  # who typed the same address learns nothing of the first order

    def test_answers_the_same_whether_or_not_an_account_has_the_address(
        self, api: httpx.Client, body: dict[str, Any], make: Factory
    ) -> None:
        make.user(name="ada")
        body["items"][0]["quantity"] = 1

        answers = [
            api.post("/checkout", json={**body, "email": email})
            for email in ("ada@example.com", "nobody@example.com")
        ]

        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json().keys() == answers[1].json().keys()

    def test_pays_by_the_link_when_paystack_was_silent(
        self, api: httpx.Client, body: dict[str, Any], gateway: FakeGateway
    ) -> None:
        gateway.failure = PaymentGatewayUnavailable()
        order = api.post("/checkout", json=body).json()
        gateway.come_back()

        paid = api.post(f"/checkout/{order['token']}/pay")

        assert order["authorization_url"] is None
        assert paid.status_code == 200
        assert paid.json()["authorization_url"] is not None

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"email": "nobody"}, "validation-failed"),
            ({"name": ""}, "validation-failed"),
            ({"name": "Win at www.example.com"}, "validation-failed"),
            ({"name": "Ada\nBcc: all"}, "validation-failed"),
            ({"event_id": 999}, "event-not-found"),
            ({"promo_code": "WRONG"}, "promo-code-not-found"),
        ],
    )
    def test_refuses_what_cannot_be(
        self, api: httpx.Client, body: dict[str, Any], wrong: dict[str, Any], code: str
    ) -> None:
        assert code_of(api.post("/checkout", json=body | wrong))[1] == code

    def test_refuses_more_than_there_is(self, api: httpx.Client, body: dict[str, Any]) -> None:
        body["items"][0]["quantity"] = 4

        assert code_of(api.post("/checkout", json=body)) == (409, "sold-out")

    @pytest.mark.parametrize("token", ["1", "1.x", "999.x", "9" * 64])
    def test_is_shown_to_nobody_without_the_link(
        self, api: httpx.Client, body: dict[str, Any], token: str
    ) -> None:
        api.post("/checkout", json=body)

        assert code_of(api.get(f"/checkout/{token}")) == (404, "link-invalid")
        assert code_of(api.post(f"/checkout/{token}/pay")) == (404, "link-invalid")
