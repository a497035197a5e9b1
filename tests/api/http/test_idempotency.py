import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.domain.ids import EventId
from app.http.services import Services
from app.models.operations.idempotency import IdempotencyKey
from app.repositories.database import Database
from tests.api.conftest import EVENT, Headers, Person, one_database
from tests.programs.in_process import InProcess
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeGateway


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


def opens_event(app: FastAPI, *, address: str, title: str, key: str = "1") -> httpx.Response:
    """Create an event from this address without a login, as anybody may in the demo."""
    transport = InProcess(app, client=(address, 1))
    with httpx.Client(transport=transport, base_url="https://shop.test") as client:
        return client.post(
            "/events/", json={**EVENT, "title": title}, headers={"Idempotency-Key": key}
        )


class TestCallersWithoutALogin:
    def test_are_answered_the_same_again(self, app: FastAPI) -> None:
        first, again = (opens_event(app, address="203.0.113.5", title="Jazz") for _ in range(2))

        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"

    @pytest.mark.parametrize(
        ("address", "title"), [("203.0.113.6", "Jazz"), ("203.0.113.5", "Blues"), ("", "Blues")]
    )
    def test_do_not_get_in_the_way_of_others_with_the_same_key(
        self, app: FastAPI, address: str, title: str
    ) -> None:
        first = opens_event(app, address="203.0.113.5", title="Jazz")

        other = opens_event(app, address=address, title=title)

        assert other.status_code == 201
        assert "idempotent-replayed" not in other.headers
        assert other.json()["id"] != first.json()["id"]


class TestPasswords:
    def test_leave_nothing_behind_to_try_guesses_on(
        self, api: httpx.Client, database: Database, ada: Person
    ) -> None:
        headers = named(ada)
        account = {"email": "zoe@example.com", "username": "zoe", "password": "sunflower-2024"}
        change = {"email": "ada@new.example.com", "current_password": PASSWORD}
        password = {"current_password": PASSWORD, "new_password": "sunflower-2024"}

        answers = [
            api.post("/users/", json=account, headers={"Idempotency-Key": "1"}),
            api.patch("/users/me", json=change, headers=headers),
            api.post("/users/me/password", json=password, headers=headers),
        ]

        assert [answer.status_code for answer in answers] == [201, 200, 204]
        with database.engine.connect() as connection:
            assert connection.execute(select(IdempotencyKey)).all() == []

    @one_database
    def test_are_in_the_body_of_no_operation_that_takes_a_key(self, api: httpx.Client) -> None:
        described = api.get("/openapi.json").json()
        schemas = described["components"]["schemas"]
        with_password = {
            f"#/components/schemas/{name}"
            for name, schema in schemas.items()
            if any("password" in field for field in schema.get("properties", ()))
        }
        operations = [each for path in described["paths"].values() for each in path.values()]
        taking = {
            operation["operationId"]: str(operation.get("requestBody"))
            for operation in operations
            if any(each["name"] == "Idempotency-Key" for each in operation.get("parameters", ()))
        }

        assert len(with_password) >= 4
        assert len(taking) > 20
        assert {
            name: body
            for name, body in taking.items()
            if any(f"'{reference}'" in body for reference in with_password)
        } == {}
