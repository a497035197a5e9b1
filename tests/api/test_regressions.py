"""Mistakes of the first system, each of which must not come back."""

import re
from pathlib import Path

import httpx
import pytest

from app.domain.errors import ChargeRefused
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person, one_database
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway

APP = Path(__file__).parents[2] / "app"
LOOKS_SECRET = re.compile(
    r"\b[sp]k_(?:live|test)_[0-9A-Za-z]{8,}"  # Paystack's keys
    r"|\beyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"  # tokens
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\b(?:AKIA|ghp_|xox[bp]-)[0-9A-Za-z]{10,}"
    r"|(?i:secret_key|password|api_key)\s*=\s*[\"'][^\"'\s]{8,}[\"']"
)


def tickets_of(api: httpx.Client, person: Person) -> list[int]:
    return [ticket["id"] for ticket in api.get("/tickets/", headers=person.headers).json()]


def pay(api: httpx.Client, person: Person, event_id: int) -> str:
    answer = api.post("/payments/pay", json={"event_id": event_id}, headers=person.headers)
    reference: str = answer.json()["reference"]
    return reference


class TestVerify:
    def test_gives_no_ticket_for_a_made_up_reference(self, api: httpx.Client, ada: Person) -> None:
        answer = api.post("/payments/verify/TCK-MADEUP", headers=ada.headers)

        assert code_of(answer) == (404, "payment-not-found")
        assert tickets_of(api, ada) == []

    def test_gives_no_ticket_for_somebody_elses_reference(
        self, api: httpx.Client, make: Factory, ada: Person, bola: Person
    ) -> None:
        reference = pay(api, ada, make.event().id)

        answer = api.post(f"/payments/verify/{reference}", headers=bola.headers)

        assert code_of(answer) == (404, "payment-not-found")
        assert tickets_of(api, bola) == []

    def test_gives_the_same_ticket_when_called_again(
        self, api: httpx.Client, make: Factory, ada: Person
    ) -> None:
        reference = pay(api, ada, make.event().id)

        answers = [api.post(f"/payments/verify/{reference}", headers=ada.headers) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 200]
        assert {answer.json()["ticket_id"] for answer in answers} == set(tickets_of(api, ada))
        assert len(tickets_of(api, ada)) == 1

    @pytest.mark.parametrize("wanted", [0, 1])
    def test_gives_a_ticket_for_the_event_paid_though_another_costs_the_same(
        self, api: httpx.Client, make: Factory, ada: Person, wanted: int
    ) -> None:
        twins = [
            make.event(title="Monday", price="2500"),
            make.event(title="Tuesday", price="2500"),
        ]
        reference = pay(api, ada, twins[wanted].id)

        answer = api.post(f"/payments/verify/{reference}", headers=ada.headers)

        assert answer.json()["event_id"] == twins[wanted].id
        tickets = api.get("/tickets/", headers=ada.headers).json()
        assert [ticket["event_title"] for ticket in tickets] == [twins[wanted].title]


class TestLogIn:
    @pytest.mark.parametrize("name", ["ada", "ada@example.com", "nobody"])
    def test_refuses_a_wrong_password_with_401(
        self, api: httpx.Client, ada: Person, name: str
    ) -> None:
        answer = api.post("/token", data={"username": name, "password": "wrong password"})

        assert code_of(answer) == (401, "wrong-credentials")
        assert answer.headers["www-authenticate"] == "Bearer"


class TestRegister:
    @pytest.mark.parametrize("username", ["ada", "ADA", "Ada"])
    def test_refuses_a_taken_user_name_with_409(
        self, api: httpx.Client, ada: Person, username: str
    ) -> None:
        answer = api.post(
            "/users/",
            json={"email": "new@example.com", "username": username, "password": "password123"},
        )

        assert code_of(answer) == (409, "username-taken")

    @pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM", "Ada@Example.com"])
    def test_refuses_a_taken_address_with_409(
        self, api: httpx.Client, ada: Person, email: str
    ) -> None:
        answer = api.post(
            "/users/", json={"email": email, "username": "new", "password": "password123"}
        )

        assert code_of(answer) == (409, "email-taken")


class TestCreateEvent:
    @one_database
    @pytest.mark.parametrize("price", ["-1", "-0.01", "NaN", "Infinity", "-Infinity", "1e400"])
    def test_refuses_a_price_that_is_none(self, api: httpx.Client, price: str) -> None:
        answer = api.post(
            "/events/",
            content='{"title": "T", "date": "2030-01-01T19:00", "location": "L", '
            f'"ticket_price": {price}}}',
            headers={"Content-Type": "application/json"},
        )

        assert pointers_of(answer) == ["/ticket_price"]
        assert price not in answer.text
        assert api.get("/events/").json() == []

    @pytest.mark.parametrize("date", ["2027-03-01T12:00:00Z", "2027-02-28", "1999-12-31T23:59:59"])
    def test_refuses_an_event_that_does_not_lie_ahead(self, api: httpx.Client, date: str) -> None:
        answer = api.post("/events/", json={**EVENT, "date": date})

        assert code_of(answer) == (422, "event-in-past")
        assert pointers_of(answer) == ["/date"]
        assert api.get("/events/").json() == []


class TestPay:
    def test_serves_the_next_customer_after_ones_provider_failure(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person, bola: Person
    ) -> None:
        event = make.event()
        gateway.go_down()
        failed = api.post("/payments/pay", json={"event_id": event.id}, headers=ada.headers)
        gateway.come_back()

        reference = pay(api, bola, event.id)
        answer = api.post(f"/payments/verify/{reference}", headers=bola.headers)

        assert code_of(failed) == (503, "payment-gateway-unavailable")
        assert answer.status_code == 200
        assert tickets_of(api, bola) == [answer.json()["ticket_id"]]

    def test_serves_the_same_customer_after_a_refused_charge(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway, ada: Person
    ) -> None:
        event = make.event(capacity=1)
        gateway.failure = ChargeRefused("TCK-1", "Invalid Email Address Passed")
        refused = api.post("/payments/pay", json={"event_id": event.id}, headers=ada.headers)
        gateway.come_back()

        reference = pay(api, ada, event.id)
        answer = api.post(f"/payments/verify/{reference}", headers=ada.headers)

        assert code_of(refused) == (409, "charge-refused")
        assert answer.status_code == 200


class TestCode:
    def test_holds_no_secret(self) -> None:
        sources = [file for file in APP.rglob("*") if file.suffix in {".py", ".html", ".js"}]
        ours = [file for file in sources if not {"swagger-ui", "redoc"} & set(file.parts)]

        found = [
            f"{file.relative_to(APP)}: {match.group()}"
            for file in ours
            for match in LOOKS_SECRET.finditer(file.read_text())
        ]

        assert len(ours) > 50
        assert found == []
