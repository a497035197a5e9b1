"""Buyers who come at the same time, over real HTTP, to a shop of two workers."""

import time
from collections import Counter
from functools import partial

import httpx
import pytest

from tests.races.conftest import Shop
from tests.races.crowd import crowd
from tests.steps.waiting import eventually
from tests.support.racing import at_once

pytestmark = pytest.mark.slow

PLACES = 20
BUYERS = 100


def buy(shop: Shop, event_id: int, headers: dict[str, str]) -> httpx.Response:
    """Pay and verify; the answer of the last step that was made."""
    opened = shop.http.post("/payments/pay", json={"event_id": event_id}, headers=headers)
    if opened.status_code != 200:
        return opened
    return shop.http.post(f"/payments/verify/{opened.json()['reference']}", headers=headers)


class TestBuy:
    def test_sells_exactly_the_places_there_are(self, shop: Shop) -> None:
        event_id = shop.event(capacity=PLACES)
        people = crowd(shop, BUYERS)  # whoever buys again goes on with the order they have

        answers = at_once([partial(buy, shop, event_id, person) for person in people])

        found = Counter(
            (answer.status_code, answer.json().get("code", "ticket")) for answer in answers
        )
        assert found == {(200, "ticket"): PLACES, (409, "sold-out"): BUYERS - PLACES}
        tickets = {answer.json()["ticket_id"] for answer in answers if answer.status_code == 200}
        assert len(tickets) == PLACES
        sold = "SELECT sold FROM ticket_types WHERE event_id = :event"
        held = "SELECT held FROM ticket_types WHERE event_id = :event"
        issued = "SELECT count(DISTINCT code) FROM tickets WHERE event_id = :event"
        assert shop.number(sold, event=event_id) == PLACES
        assert shop.number(held, event=event_id) == 0
        assert shop.number(issued, event=event_id) == PLACES


class TestVerify:
    def test_issues_one_ticket_to_twenty_who_ask_at_once(self, shop: Shop) -> None:
        event_id = shop.event()
        ada = shop.person("ada")
        opened = shop.http.post("/payments/pay", json={"event_id": event_id}, headers=ada)
        reference = opened.json()["reference"]

        answers = at_once(
            [partial(shop.http.post, f"/payments/verify/{reference}", headers=ada)] * 20
        )

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.json()["ticket_id"] for answer in answers}) == 1
        order_id = shop.http.get(f"/payments/{reference}", headers=ada).json()["order_id"]
        issued = "SELECT count(*) FROM tickets WHERE order_id = :order"
        sent = (
            "SELECT count(*) FROM outbox_messages"
            " WHERE kind = 'tickets-issued' AND subject_id = :order AND status = 'sent'"
        )
        assert shop.number(issued, order=order_id) == 1
        assert eventually(lambda: shop.number(sent, order=order_id)) == 1


class TestRegister:
    def test_gives_a_name_to_one_of_twenty(self, shop: Shop) -> None:
        def register(number: int) -> httpx.Response:
            account = {
                "email": f"twin{number}@example.com",
                "username": ("twin", "TWIN")[number % 2],
                "password": "password123",
            }
            answer = shop.http.post("/users/", json=account)
            while answer.status_code == 503:  # too many passwords at once: come back as asked
                time.sleep(int(answer.headers["retry-after"]))
                answer = shop.http.post("/users/", json=account)
            return answer

        answers = at_once([partial(register, number) for number in range(20)])

        found = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
        assert found == {(201, None): 1, (409, "username-taken"): 19}


class TestRefresh:
    def test_gives_one_pair_for_one_token(self, shop: Shop) -> None:
        shop.person("bola")
        body = {"refresh_token": shop.tokens("bola")["refresh_token"]}

        answers = at_once([partial(shop.http.post, "/token/refresh", json=body)] * 10)

        assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 9}

    def test_ends_the_login_somebody_copied(self, shop: Shop) -> None:
        shop.person("chidi")
        body = {"refresh_token": shop.tokens("chidi")["refresh_token"]}
        answers = at_once([partial(shop.http.post, "/token/refresh", json=body)] * 2)
        (winner,) = [answer.json() for answer in answers if answer.status_code == 200]

        again = shop.http.post("/token/refresh", json={"refresh_token": winner["refresh_token"]})
        me = shop.http.get(
            "/users/me", headers={"Authorization": f"Bearer {winner['access_token']}"}
        )

        assert (again.status_code, me.status_code) == (401, 401)
