from typing import Any

import httpx
import pytest

from app.domain.ids import EventId
from tests.api.answers import code_of
from tests.api.conftest import EVENT, Headers, Person
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway

TYPES = [
    {"name": "Regular", "ticket_price": 2500, "capacity": 5},
    {"name": "VIP", "ticket_price": 10000, "capacity": 2},
    {"name": "Crew", "ticket_price": 0, "access_code": "backstage"},
]


@pytest.fixture
def event(api: httpx.Client, organizer: Person) -> dict[str, Any]:
    """An event of three types, one of them hidden, as its organizer was answered."""
    body = {**EVENT, "ticket_types": TYPES, "refund_hours": 0}
    answer = api.post("/events/", json=body, headers=organizer.headers)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def place(api: httpx.Client, headers: Headers, event: dict[str, Any], **body: Any) -> Any:
    answer = api.post("/orders/", json={"event_id": event["id"], **body}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestPlaceOrder:
    def test_holds_several_types_with_attendees(
        self, api: httpx.Client, ada: Person, event: dict[str, Any]
    ) -> None:
        regular, vip, _hidden = (shown["id"] for shown in event["ticket_types"])

        order = place(
            api,
            ada.headers,
            event,
            items=[
                {"ticket_type_id": vip, "quantity": 1, "attendees": ["Bola"]},
                {"ticket_type_id": regular, "quantity": 2, "attendees": ["Ada", "Chidi"]},
            ],
        )

        assert (order["status"], order["total"]) == (
            "pending",
            {"amount": 1_500_000, "currency": "NGN"},
        )
        assert [item["attendees"] for item in order["items"]] == [["Ada", "Chidi"], ["Bola"]]
        assert order["history"][0]["actor"] == f"buyer:{ada.user.id}"
        left = [t["places_left"] for t in api.get(f"/events/{event['id']}").json()["ticket_types"]]
        assert left == [3, 1]

    def test_sells_hidden_types_to_those_who_know_the_code(
        self, api: httpx.Client, ada: Person, organizer: Person, event: dict[str, Any]
    ) -> None:
        shown = api.get(f"/events/{event['id']}/ticket-types", headers=organizer.headers).json()
        items = [{"ticket_type_id": shown[2]["id"], "quantity": 1}]
        body = {"event_id": event["id"], "items": items}

        hidden = api.post("/orders/", json=body, headers=ada.headers)
        order = place(api, ada.headers, event, items=items, access_code="BACKSTAGE")

        assert (hidden.status_code, hidden.json()["code"]) == (404, "ticket-type-not-found")
        assert (order["status"], len(order["ticket_ids"])) == ("paid", 1)

    def test_refuses_guesses_of_access_codes(
        self, api: httpx.Client, ada: Person, organizer: Person, event: dict[str, Any]
    ) -> None:
        shown = api.get(f"/events/{event['id']}/ticket-types", headers=organizer.headers).json()
        items = [{"ticket_type_id": shown[2]["id"], "quantity": 1}]

        answers = [
            api.post(
                "/orders/",
                json={"event_id": event["id"], "items": items, "access_code": code},
                headers=ada.headers,
            )
            for code in [*(f"wrong{number}" for number in range(10)), "backstage"]
        ]

        assert [answer.status_code for answer in answers] == [404] * 10 + [429]
        assert answers[-1].json()["code"] == "too-many-guesses"
        assert answers[-1].headers["Retry-After"] == "900"

    @pytest.mark.parametrize(
        ("item", "status"),
        [({"quantity": 0}, 422), ({"quantity": "1"}, 422), ({"quantity": 11}, 422), ({}, 422)],
    )
    def test_refuses_quantities_that_make_no_sense(
        self,
        api: httpx.Client,
        ada: Person,
        event: dict[str, Any],
        item: dict[str, Any],
        status: int,
    ) -> None:
        wanted = {"ticket_type_id": event["ticket_types"][0]["id"], **item}

        answer = api.post(
            "/orders/", json={"event_id": event["id"], "items": [wanted]}, headers=ada.headers
        )

        assert answer.status_code == status

    def test_takes_a_promo_code(
        self, api: httpx.Client, ada: Person, organizer: Person, event: dict[str, Any]
    ) -> None:
        created = api.post(
            f"/events/{event['id']}/promo-codes",
            json={"code": "EARLYBIRD", "kind": "percent", "value": 20, "max_uses": 1},
            headers=organizer.headers,
        )
        assert created.status_code == 201, created.text

        order = place(api, ada.headers, event, promo_code="earlybird")
        again = api.post(
            "/orders/",
            json={"event_id": event["id"], "promo_code": "EARLYBIRD"},
            headers=ada.headers,
        )

        assert (order["total"]["amount"], order["discount"]["amount"]) == (200_000, 50_000)
        assert (again.status_code, again.json()["code"]) == (409, "promo-code-used-up")
        (code,) = api.get(f"/events/{event['id']}/promo-codes", headers=organizer.headers).json()
        assert code["used"] == 1


class TestListOrders:
    def test_pages_through_ones_own(
        self, api: httpx.Client, ada: Person, bola: Person, event: dict[str, Any]
    ) -> None:
        placed = [place(api, ada.headers, event)["id"] for _ in range(3)]
        place(api, bola.headers, event)

        first = api.get("/orders/?limit=2", headers=ada.headers)
        second = api.get(first.links["next"]["url"], headers=ada.headers)

        assert [order["id"] for order in first.json() + second.json()] == placed[::-1]
        assert "next" not in second.links

    def test_shows_nothing_of_others(
        self, api: httpx.Client, ada: Person, bola: Person, event: dict[str, Any]
    ) -> None:
        path = f"/orders/{place(api, ada.headers, event)['id']}"

        assert api.get(path, headers=ada.headers).json()["status"] == "pending"
        for answer in (
            api.get(path, headers=bola.headers),
            api.post(f"{path}/pay", headers=bola.headers),
            api.post(f"{path}/cancel", headers=bola.headers),
            api.post(f"{path}/refunds", json={}, headers=bola.headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "order-not-found")


class TestPayOrder:
    def test_opens_a_new_payment_after_a_decline(
        self, api: httpx.Client, gateway: FakeGateway, ada: Person, event: dict[str, Any]
    ) -> None:
        gateway.pays_at_once = False
        path = f"/orders/{place(api, ada.headers, event)['id']}"
        first = api.post(f"{path}/pay", headers=ada.headers).json()
        gateway.decline(first["reference"])

        second = api.post(f"{path}/pay", headers=ada.headers).json()

        assert second["reference"] != first["reference"]
        payments = api.get(path, headers=ada.headers).json()["payments"]
        assert [payment["status"] for payment in payments] == ["failed", "open"]


class TestCancelOrder:
    def test_gives_the_places_back_unless_it_is_paid(
        self, api: httpx.Client, ada: Person, event: dict[str, Any]
    ) -> None:
        kept, given_up = (f"/orders/{place(api, ada.headers, event)['id']}" for _ in range(2))
        api.post(f"{kept}/pay", headers=ada.headers)

        refused = api.post(f"{kept}/cancel", headers=ada.headers)
        cancelled = api.post(f"{given_up}/cancel", headers=ada.headers)

        assert (refused.status_code, refused.json()["order_status"]) == (409, "paid")
        assert cancelled.json()["status"] == "cancelled"
        left = api.get(f"/events/{event['id']}").json()["ticket_types"][0]["places_left"]
        assert left == 4


class TestGiveBack:
    def test_takes_one_ticket_and_then_the_rest(
        self, api: httpx.Client, make: Factory, ada: Person, event: dict[str, Any]
    ) -> None:
        bought = make.buy(ada.user, EventId(event["id"]), quantity=3)
        path = f"/orders/{bought.order.id}/refunds"

        one = api.post(path, json={"ticket_ids": [bought.tickets[0].id]}, headers=ada.headers)
        rest = api.post(path, json={"reason": "ill"}, headers=ada.headers)
        none = api.post(path, json={}, headers=ada.headers)

        assert [answer.status_code for answer in (one, rest, none)] == [201, 201, 409]
        assert [a.json()["amount"]["amount"] for a in (one, rest)] == [250_000, 500_000]
        order = api.get(f"/orders/{bought.order.id}", headers=ada.headers).json()
        assert order["status"] == "refunded"


class TestRefundMoney:
    def test_returns_an_amount_once_and_keeps_the_tickets(
        self, api: httpx.Client, make: Factory, ada: Person, organizer: Person
    ) -> None:
        bought = make.buy(ada.user, make.event(organizer=organizer.user).id)
        order = f"/orders/{bought.order.id}"
        path = f"{order}/refunds/money"
        body = {"amount": {"amount": 50_000, "currency": "NGN"}, "reason": "No support act"}
        once = {**organizer.headers, "Idempotency-Key": "once"}

        made, again = (api.post(path, json=body, headers=once) for _ in range(2))
        too_much = api.post(
            path,
            json={**body, "amount": {"amount": 200_001, "currency": "NGN"}},
            headers=organizer.headers,
        )
        in_francs = api.post(
            path,
            json={**body, "amount": {"amount": 100, "currency": "XOF"}},
            headers=organizer.headers,
        )

        assert (made.status_code, again.content) == (201, made.content)
        assert made.json()["keeps_tickets"] is True
        assert made.json()["amount"] == body["amount"]
        assert code_of(too_much) == (409, "refund-too-large")
        assert (too_much.json()["left"], too_much.json()["currency"]) == (200_000, "NGN")
        assert code_of(in_francs) == (422, "refund-amount-invalid")
        shown = api.get(order, headers=ada.headers).json()
        assert shown["status"] == "paid"
        assert [each["keeps_tickets"] for each in shown["refunds"]] == [True]
        managed = api.get(
            f"/events/{bought.order.event_id}/orders/{bought.order.id}", headers=organizer.headers
        ).json()
        assert managed["left_to_refund"] == {"amount": 200_000, "currency": "NGN"}
        assert "money-refunded" in [mail["kind"] for mail in managed["mails"]]
        kept = api.get("/users/me/export", headers=ada.headers).json()
        assert [each["amount"]["amount"] for each in kept["refunds"]] == [50_000]
        assert "money-refunded" in [mail["kind"] for mail in kept["mails"]]

    @pytest.mark.parametrize("minor", [0, -1, 1.5, "100", None, 10**13])
    def test_takes_amounts_above_zero_only(
        self, api: httpx.Client, make: Factory, ada: Person, organizer: Person, minor: object
    ) -> None:
        bought = make.buy(ada.user, make.event(organizer=organizer.user).id)
        body = {"amount": {"amount": minor, "currency": "NGN"}, "reason": "x"}

        refused = api.post(
            f"/orders/{bought.order.id}/refunds/money", json=body, headers=organizer.headers
        )

        assert refused.status_code == 422
