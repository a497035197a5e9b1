"""The journey every newcomer makes, word for word."""

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from app.config import Settings
from app.wiring.shop import build_app
from tests.api.conftest import EVENT
from tests.support.pictures import read_qr_code

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
FIRST_FIELDS = {
    "user": {"id", "email", "username"},
    "event": {"id", "title", "date", "location", "ticket_price", "category"},
    "payment": {"authorization_url", "reference"},
    "verified": {"message", "ticket_id"},
    "ticket": {"id", "user_id", "event_id", "purchase_date", "is_used", "qr_code_base64"},
}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[httpx.Client]:
    """The whole shop as it starts with no setting at all, the simulated Paystack inside."""
    settings = Settings(_env_file=None, var_dir=tmp_path / "var")
    with TestClient(build_app(settings), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.mark.parametrize("slash", ["", "/"], ids=["without slash", "with slash"])
class TestSixSteps:
    def test_lead_to_a_ticket(self, api: httpx.Client, slash: str) -> None:
        ticket = walk(api, slash)

        assert ticket.json()["event_title"] == EVENT["title"]

    def test_lead_to_a_ticket_with_no_setting_at_all(self, demo: httpx.Client, slash: str) -> None:
        ticket = walk(demo, slash)

        assert ticket.json()["event_title"] == EVENT["title"]


def walk(client: httpx.Client, slash: str) -> httpx.Response:
    """Take the six steps, asserting each answer; give the ticket as JSON."""
    token = register_and_log_in(client, slash)
    headers = {"Authorization": f"Bearer {token}"}

    created = client.post(f"/events{slash}", json=EVENT)
    assert created.status_code == 201, created.text
    assert created.json().keys() >= FIRST_FIELDS["event"]
    assert created.json()["id"] == 1

    paid = client.post(f"/payments/pay{slash}", json={"event_id": 1}, headers=headers)
    assert paid.status_code == 200, paid.text
    assert paid.json().keys() >= FIRST_FIELDS["payment"]
    assert paid.json()["authorization_url"].startswith("http")

    reference = paid.json()["reference"]
    verified = client.post(f"/payments/verify/{reference}{slash}", headers=headers)
    assert verified.status_code == 200, verified.text
    assert verified.json().keys() >= FIRST_FIELDS["verified"]

    ticket_id = verified.json()["ticket_id"]
    return fetch_ticket(client, f"/tickets/{ticket_id}{slash}", headers)


def register_and_log_in(client: httpx.Client, slash: str) -> str:
    registered = client.post(
        f"/users{slash}",
        json={"email": "test@example.com", "username": "testuser", "password": "password123"},
    )
    assert registered.status_code == 201, registered.text
    assert registered.json().keys() >= FIRST_FIELDS["user"]
    assert "password" not in registered.text

    logged_in = client.post(
        f"/token{slash}",
        content="username=testuser&password=password123",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert logged_in.status_code == 200, logged_in.text
    assert logged_in.json()["token_type"] == "bearer"
    token: str = logged_in.json()["access_token"]
    return token


def fetch_ticket(client: httpx.Client, path: str, headers: dict[str, str]) -> httpx.Response:
    picture = client.get(path, headers=headers)
    assert picture.status_code == 200, picture.text
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(PNG_SIGNATURE)

    ticket = client.get(path, headers={**headers, "Accept": "application/json"})
    assert ticket.json().keys() >= FIRST_FIELDS["ticket"]
    assert ticket.json()["event_id"] == 1
    assert ticket.json()["is_used"] is False
    assert base64.b64decode(ticket.json()["qr_code_base64"]) == picture.content
    assert read_qr_code(picture.content) == ticket.json()["code"]
    return ticket
