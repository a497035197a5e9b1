"""Names and reasons stand in mails to other people, so they carry no links."""

from typing import Any

import httpx
import pytest

from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person, one_database
from tests.steps.browsing import Visitor
from tests.support.factories import Factory

pytestmark = one_database

LINKS = [
    "URGENT: unlock at https://evil.example/now",
    "www.evil.example",
    "Win WWW.evil.example now",
    "http\uff1a\uff0f\uff0fevil.example",  # full-width, which many programs fold
    "\uff57\uff57\uff57\uff0eevil.example",
    "ftp://evil.example",
]
ACCOUNT = {"email": "mallory@example.com", "username": "mallory", "password": "a long secret"}


@pytest.mark.parametrize("link", LINKS)
class TestName:
    def test_of_a_person_carries_no_link(self, api: httpx.Client, link: str) -> None:
        answer = api.post("/users", json={**ACCOUNT, "full_name": link})

        assert pointers_of(answer) == ["/full_name"]

    def test_of_a_person_is_not_changed_to_a_link(
        self, api: httpx.Client, ada: Person, link: str
    ) -> None:
        answer = api.patch("/users/me", json={"full_name": link}, headers=ada.headers)

        assert pointers_of(answer) == ["/full_name"]

    def test_of_an_attendee_carries_no_link(
        self, api: httpx.Client, ada: Person, link: str
    ) -> None:
        item = {"ticket_type_id": 1, "quantity": 1, "attendees": [link]}
        wanted = {"event_id": 1, "items": [item]}

        answer = api.post("/orders", json=wanted, headers=ada.headers)

        assert pointers_of(answer) == ["/items/0/attendees/0"]

    def test_of_a_receiver_carries_no_link(self, api: httpx.Client, ada: Person, link: str) -> None:
        offer = {"email": "victim@example.com", "name": link}

        answer = api.post("/tickets/1/transfer", json=offer, headers=ada.headers)

        assert pointers_of(answer) == ["/name"]

    def test_of_an_event_carries_no_link(
        self, api: httpx.Client, organizer: Person, link: str
    ) -> None:
        answer = api.post("/events", json={**EVENT, "title": link}, headers=organizer.headers)

        assert pointers_of(answer) == ["/title"]

    def test_of_a_ticket_type_carries_no_link(
        self, api: httpx.Client, organizer: Person, link: str
    ) -> None:
        kind = {"name": link, "ticket_price": 0}

        answer = api.post("/events/1/ticket-types", json=kind, headers=organizer.headers)

        assert pointers_of(answer) == ["/name"]


class TestPlace:
    def test_may_be_a_web_address(self, api: httpx.Client, organizer: Person) -> None:
        online = {**EVENT, "location": "https://meet.example.com/jazz"}

        answer = api.post("/events", json=online, headers=organizer.headers)

        assert (answer.status_code, answer.json()["location"]) == (201, online["location"])


@pytest.mark.parametrize("link", LINKS)
class TestReason:
    @pytest.mark.parametrize(
        ("path", "more"),
        [
            ("/orders/1/refunds", {}),
            ("/orders/1/refunds/money", {"amount": {"amount": 100, "currency": "NGN"}}),
            ("/tickets/1/reissue", {}),
            ("/tickets/1/revocation", {}),
        ],
    )
    def test_carries_no_link(
        self, api: httpx.Client, organizer: Person, path: str, more: dict[str, Any], link: str
    ) -> None:
        body = {**more, "reason": f"Sorry: {link}"}

        answer = api.post(path, json=body, headers=organizer.headers)

        assert code_of(answer) == (422, "validation-failed")
        assert pointers_of(answer) == ["/reason"]
        assert "web address" in answer.json()["errors"][0]["detail"]


class TestReasonInTheConsole:
    @pytest.mark.parametrize("form", ["refund", "refund-money"])
    def test_carries_no_link(
        self, api: httpx.Client, organizer: Person, make: Factory, form: str
    ) -> None:
        bought = make.buy(make.user(), make.event(organizer=organizer.user).id)
        visitor = Visitor(api)
        visitor.sign_in(organizer.user.username)
        path = f"/manage/events/{bought.order.event_id}/orders/{bought.order.id}"
        chosen = {f"ticket-{bought.tickets[0].id}": "on"} if form == "refund" else {"amount": "5"}

        answer = visitor.post(f"{path}/{form}", 422, reason="See www.evil.example", **chosen)

        assert "Reason" in answer.text
        assert "ust not contain a web address" in answer.text
        assert api.get(f"/orders/{bought.order.id}/refunds", headers=organizer.headers).json() == []


class TestUserName:
    def test_is_no_web_address(self, api: httpx.Client) -> None:
        answer = api.post("/users", json={**ACCOUNT, "username": "www.evil.example"})

        assert pointers_of(answer) == ["/username"]
