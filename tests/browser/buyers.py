"""A buyer with a payment to make, prepared over the API."""

from dataclasses import dataclass

import httpx

from tests.programs.servers import Server

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Purchase:
    """A place held for a buyer, and where to pay for it."""

    pay_url: str
    reference: str
    headers: dict[str, str]


def begin_purchase(shop: Server, *, email: str, title: str = "Lagos Jazz Night") -> Purchase:
    """Register, create an event, and open a payment for a ticket."""
    with shop.client() as http:
        account = {"email": email, "username": "ada", "password": PASSWORD}
        _answer(http.post("/users/", json=account))
        login = _answer(http.post("/token", data={"username": "ada", "password": PASSWORD}))
        headers = {"Authorization": f"Bearer {login['access_token']}"}
        event = {
            "title": title,
            "date": "2030-06-01T19:00:00",
            "location": "Freedom Park, Lagos",
            "ticket_price": 2500,
        }
        event_id = _answer(http.post("/events/", json=event, headers=headers))["id"]
        payment = _answer(http.post("/payments/pay", json={"event_id": event_id}, headers=headers))
    return Purchase(str(payment["authorization_url"]), str(payment["reference"]), headers)


def ticket_code(shop: Server, purchase: Purchase) -> str:
    """The code of the ticket this payment brought; fails unless there is exactly one."""
    with shop.client() as http:
        tickets = http.get("/tickets/", headers=purchase.headers).raise_for_status().json()
    [ticket] = tickets
    return str(ticket["code"])


def _answer(response: httpx.Response) -> dict[str, object]:
    answer: dict[str, object] = response.raise_for_status().json()
    return answer
