"""Shops with one event for guests, and the mail they get."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.clients.mail.mail_servers import Mailbox
from tests.programs.servers import Server
from tests.steps.waiting import eventually

ORGANIZER = {"email": "org@example.com", "username": "org", "password": "password123"}


@dataclass(frozen=True, slots=True)
class MailedShop:
    """A shop, and the mail server it sends to."""

    server: Server
    box: Mailbox

    @property
    def url(self) -> str:
        return self.server.url

    def link_for(self, address: str, pattern: re.Pattern[str]) -> str:
        """Where the first mail to the address with such a link leads to, once it has come."""
        return self.url + str(eventually(lambda: self._link_for(address, pattern)))

    def told(self, words: str, *, count: int) -> set[str] | None:
        """To whom mails with these words in their subject went, once there are as many."""
        told = [str(each["To"]) for each in self.box.letters if words in str(each["Subject"])]
        return set(told) if len(told) == count else None

    def _link_for(self, address: str, pattern: re.Pattern[str]) -> str | None:
        for letter in self.box.letters:
            body = letter.get_body(("plain",))
            found = pattern.search(body.get_content()) if body else None
            if found and address in str(letter["To"]):
                return found.group()
        return None


def on_sale(
    server: Server, ticket_types: Sequence[Mapping[str, Any]], *, promo_code: str | None = None
) -> int:
    """An event of an organizer's own; a promo code takes half off."""
    with server.client() as http:
        _made(http.post("/users/", json=ORGANIZER))
        form = {"username": ORGANIZER["username"], "password": ORGANIZER["password"]}
        token = http.post("/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        event = {
            "title": "Lagos Jazz Night",
            "date": "2040-06-01T19:00:00",
            "location": "Freedom Park, Lagos",
            "ticket_price": ticket_types[0]["ticket_price"],
            "refund_hours": 24,
            "ticket_types": ticket_types,
        }
        event_id = _made(http.post("/events/", json=event, headers=headers))
        if promo_code is not None:
            code = {"code": promo_code, "kind": "percent", "value": 50}
            _made(http.post(f"/events/{event_id}/promo-codes", json=code, headers=headers))
    return event_id


def _made(answer: httpx.Response) -> int:
    made: int = answer.raise_for_status().json()["id"]
    return made
