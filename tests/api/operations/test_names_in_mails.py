"""Names stand in mails to other people, so they carry no links."""

import httpx
import pytest

from tests.api.answers import pointers_of
from tests.api.conftest import EVENT, Person, one_database

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


class TestUserName:
    def test_is_no_web_address(self, api: httpx.Client) -> None:
        answer = api.post("/users", json={**ACCOUNT, "username": "www.evil.example"})

        assert pointers_of(answer) == ["/username"]
