"""A customer who buys over real HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

EVENT: Final = {
    "title": "Lagos Jazz Night",
    "date": "2040-06-01T19:00:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": 2500,
    "category": "Music",
}


def create_event(
    http: httpx.Client, *, headers: Mapping[str, str] | None = None, **values: object
) -> int:
    answer = http.post("/events/", json={**EVENT, **values}, headers=headers)
    assert answer.status_code == 201, answer.text
    event_id: int = answer.json()["id"]
    return event_id


CONFIRM = "Subject: Confirm your e-mail address"


@dataclass(frozen=True)
class Customer:
    """An account that is logged in, with its e-mail address to know it by."""

    http: httpx.Client
    email: str
    headers: dict[str, str]

    @classmethod
    def register(cls, http: httpx.Client, name: str) -> "Customer":
        """The part of the address before the ``@`` is what the simulator goes by."""
        email = f"{name}@example.com"
        account = {"email": email, "username": f"user-{name}", "password": "password123"}
        registered = http.post("/users/", json=account)
        assert registered.status_code == 201, registered.text
        form = {"username": email, "password": "password123"}
        token = http.post("/token", data=form).json()["access_token"]
        return cls(http, email, {"Authorization": f"Bearer {token}"})

    def pay(self, event_id: int) -> httpx.Response:
        return self.http.post("/payments/pay", json={"event_id": event_id}, headers=self.headers)

    def verify(self, reference: str) -> httpx.Response:
        return self.http.post(f"/payments/verify/{reference}", headers=self.headers)

    def payment(self, reference: str) -> dict[str, Any]:
        shown: dict[str, Any] = self.http.get(f"/payments/{reference}", headers=self.headers).json()
        return shown

    def mails(self, folder: Path) -> list[str]:
        """What lies in the shop's ``var/mail`` for this address about what was bought."""
        mails = [file.read_text() for file in sorted((folder / "var" / "mail").glob("*.eml"))]
        return [mail for mail in mails if f"To: {self.email}" in mail and CONFIRM not in mail]
