import httpx
import pytest

from app.domain.ids import EventId
from app.repositories.database import Database
from app.routers.services import Services
from tests.api.conftest import EVENT, Headers, Person
from tests.factories import Factory
from tests.fakes import FakeGateway


@pytest.fixture
def event_id(make: Factory) -> EventId:
    return make.event(capacity=3).id


def named(person: Person, key: str = "k-1") -> Headers:
    return {**person.headers, "Idempotency-Key": key}


class TestIdempotencyKey:
    @pytest.mark.parametrize("path", ["/orders/", "/payments/pay"])
    def test_makes_a_repeated_call_happen_once_and_answer_the_same(
        self,
        api: httpx.Client,
        services: Services,
        ada: Person,
        event_id: EventId,
        path: str,
    ) -> None:
        first, again = (
            api.post(path, json={"event_id": event_id}, headers=named(ada)) for _ in range(2)
        )

        assert first.is_success
        assert again.status_code == first.status_code
        assert again.content == first.content
        assert "idempotent-replayed" not in first.headers
        assert again.headers["idempotent-replayed"] == "true"
        assert services.events.get(event_id).places_left == 2

    @pytest.mark.parametrize("path", ["/orders/", "/payments/pay"])
    def test_refuses_another_body(
        self, api: httpx.Client, make: Factory, ada: Person, event_id: EventId, path: str
    ) -> None:
        api.post(path, json={"event_id": event_id}, headers=named(ada))

        other = api.post(path, json={"event_id": make.event().id}, headers=named(ada))

        assert (other.status_code, other.json()["code"]) == (422, "key-reused")

    def test_belongs_to_its_caller_and_operation(
        self, api: httpx.Client, ada: Person, bola: Person, event_id: EventId
    ) -> None:
        body = {"event_id": event_id}

        answers = [
            api.post("/orders/", json=body, headers=named(ada)),
            api.post("/orders/", json=body, headers=named(bola)),
            api.post("/payments/pay", json=body, headers=named(ada)),
        ]

        assert all(answer.is_success for answer in answers)
        assert not [a for a in answers if "idempotent-replayed" in a.headers]

    @pytest.mark.parametrize("path", ["/orders/", "/payments/pay"])
    def test_keeps_no_refusal(
        self, api: httpx.Client, make: Factory, ada: Person, event_id: EventId, path: str
    ) -> None:
        bola = make.user()
        held = make.order(bola, event_id, quantity=3)
        body = {"event_id": event_id}
        refused = api.post(path, json=body, headers=named(ada))
        make.services.orders.cancel(buyer_id=bola.id, order_id=held.id)

        answer = api.post(path, json=body, headers=named(ada))

        assert (refused.status_code, refused.json()["code"]) == (409, "sold-out")
        assert answer.is_success
        assert "idempotent-replayed" not in answer.headers

    def test_goes_on_where_an_outage_left_it(
        self,
        api: httpx.Client,
        services: Services,
        gateway: FakeGateway,
        ada: Person,
        event_id: EventId,
    ) -> None:
        body = {"event_id": event_id}
        gateway.go_down()
        assert api.post("/payments/pay", json=body, headers=named(ada)).status_code == 503
        gateway.come_back()

        answer = api.post("/payments/pay", json=body, headers=named(ada))

        assert answer.is_success
        assert services.events.get(event_id).places_left == 2
        assert len(api.get("/orders/", headers=ada.headers).json()) == 1

    def test_tells_who_comes_too_early_to_ask_again(
        self,
        api: httpx.Client,
        gateway: FakeGateway,
        ada: Person,
        event_id: EventId,
    ) -> None:
        gateway.pays_at_once = False
        order_id = api.post("/orders/", json={"event_id": event_id}, headers=ada.headers).json()[
            "id"
        ]
        api.post(f"/orders/{order_id}/pay", headers=ada.headers)
        path = f"/orders/{order_id}/cancel"
        early: list[httpx.Response] = []

        def ask_again() -> None:
            gateway.before_find = None
            early.append(api.post(path, headers=named(ada)))

        gateway.before_find = ask_again
        answer = api.post(path, headers=named(ada))

        assert answer.json()["status"] == "cancelled"
        assert (early[0].status_code, early[0].json()["code"]) == (409, "key-in-use")
        assert early[0].headers["retry-after"] == "1"

    def test_does_not_hide_wrong_promo_codes(
        self, api: httpx.Client, ada: Person, event_id: EventId
    ) -> None:
        body = {"event_id": event_id, "promo_code": "GUESS"}

        answers = [
            api.post("/orders/", json=body, headers=named(ada, f"k-{number}")).status_code
            for number in range(11)
        ]

        assert answers == [404] * 10 + [429]

    @pytest.mark.parametrize("key", [b"", b"with space", "é".encode(), b"k" * 256])
    def test_is_refused_when_it_is_no_key(
        self, api: httpx.Client, ada: Person, event_id: EventId, key: bytes
    ) -> None:
        token = ada.headers["Authorization"].encode()
        headers = {b"Authorization": token, b"Idempotency-Key": key}

        answer = api.post("/orders/", json={"event_id": event_id}, headers=headers)

        assert answer.status_code == 422

    def test_repeats_a_deletion_quietly(
        self, api: httpx.Client, database: Database, organizer: Person
    ) -> None:
        created = api.post("/events/", json=EVENT, headers=named(organizer)).json()
        path = f"/events/{created['id']}"

        first, again = (api.delete(path, headers=named(organizer)) for _ in range(2))

        assert (first.status_code, again.status_code) == (204, 204)
        assert (again.content, again.headers["idempotent-replayed"]) == (b"", "true")
        assert api.get(path).status_code == 404
