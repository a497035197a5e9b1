"""An event with tickets and a phone to scan them, prepared over the API."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.domain.tickets.ticket_codes import from_text, unpack
from tests.browser.buyers import PASSWORD
from tests.programs.servers import Server

FORGER: Final = Ed25519TicketSigner("1:a secret that is not the shop's own one")


@dataclass(frozen=True)
class GateTicket:
    """A ticket as its holder has it."""

    id: int
    order_id: int
    code: str
    short_code: str
    png: bytes

    @property
    def forged_code(self) -> str:
        """A code that says the same, signed with another key."""
        return self._signed_by_forger({})

    @property
    def invented_code(self) -> str:
        """The same, but for the secret, which a forger who never saw the ticket has to invent."""
        return self._signed_by_forger({"short_code": "0000-0000-0000-0000"})

    def _signed_by_forger(self, changes: dict[str, Any]) -> str:
        key_id, facts = unpack(from_text(self.code)[0])
        return FORGER.sign(replace(facts, **changes), key_id=key_id)


@dataclass(frozen=True)
class Gate:
    """An event whose organizer also buys its tickets."""

    shop: Server
    event_id: int
    headers: dict[str, str]

    def enrolment_url(self, *, name: str = "Phone 3", gate: str = "North") -> str:
        """Opened on a phone, it becomes a scanner; works once."""
        device = self.call("POST", f"/events/{self.event_id}/devices", {"name": name, "gate": gate})
        return str(device["enrolment"]["url"])

    def buy(self, *attendees: str) -> list[GateTicket]:
        """A ticket for each of these, in one order."""
        [ticket_type] = self.call("GET", f"/events/{self.event_id}/ticket-types")
        item = {
            "ticket_type_id": ticket_type["id"],
            "quantity": len(attendees),
            "attendees": attendees,
        }
        order = self.call("POST", "/orders/", {"event_id": self.event_id, "items": [item]})
        self.call("POST", f"/orders/{order['id']}/pay")
        known = self.call("GET", "/tickets/?limit=100")
        bought = sorted(known, key=lambda ticket: int(ticket["id"]))[-len(attendees) :]
        return [
            GateTicket(
                id=ticket["id"],
                order_id=order["id"],
                code=ticket["code"],
                short_code=ticket["short_code"],
                png=base64.b64decode(ticket["qr_code_base64"]),
            )
            for ticket in bought
        ]

    def request_refund(self, ticket: GateTicket) -> None:
        """Its money goes back, and it opens no door any more."""
        body = {"ticket_ids": [ticket.id]}
        self.call("POST", f"/orders/{ticket.order_id}/refunds", body)

    def revoke(self, ticket: GateTicket) -> None:
        """The organizer bars it from the door."""
        self.call("POST", f"/tickets/{ticket.id}/revocation", {"reason": "Paid by a stolen card"})

    def reissue(self, ticket: GateTicket) -> None:
        """Its holder gets another code, and this one ends."""
        self.call("POST", f"/tickets/{ticket.id}/reissue", {"reason": "Lost"})

    def revoke_devices(self) -> None:
        """No phone scans any more."""
        for device in self.call("GET", f"/events/{self.event_id}/devices"):
            self.call("DELETE", f"/events/{self.event_id}/devices/{device['id']}")

    def counts(self) -> dict[str, Any]:
        counts: dict[str, Any] = self.call("GET", f"/events/{self.event_id}/check-ins/counts")
        return counts

    def scans(self) -> Sequence[dict[str, Any]]:
        """What the server knows of, the newest first."""
        scans: list[dict[str, Any]] = self.call("GET", f"/events/{self.event_id}/check-ins")
        return scans

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        with self.shop.client() as http:
            answer = http.request(method, path, json=body, headers=self.headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None


def prepare_gate(shop: Server, *, reentry: bool = False) -> Gate:
    """Register an organizer and put a free event on sale."""
    with shop.client() as http:
        account = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}
        http.post("/users/", json=account).raise_for_status()
        login = http.post("/token", data={"username": "ada", "password": PASSWORD})
        headers = {"Authorization": f"Bearer {login.raise_for_status().json()['access_token']}"}
        event = {
            "title": "Lagos Jazz Night",
            "date": "2030-06-01T19:00:00",
            "location": "Freedom Park, Lagos",
            "ticket_price": 0,
            **({"reentry": True} if reentry else {}),
        }
        made = http.post("/events/", json=event, headers=headers).raise_for_status().json()
    return Gate(shop, int(made["id"]), headers)
