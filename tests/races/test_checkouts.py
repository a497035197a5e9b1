"""Guests who come at the same time, over real HTTP, to a shop of two workers."""

from collections import Counter
from functools import partial

import httpx
import pytest

from tests.races.conftest import Shop
from tests.support.racing import at_once

pytestmark = pytest.mark.slow

PLACES = 5
GUESTS = 20


def check_out(shop: Shop, event_id: int, email: str) -> httpx.Response:
    body = {"event_id": event_id, "name": "Ada Obi", "email": email}
    return shop.http.post("/checkout", json=body)


class TestCheckOut:
    def test_sells_exactly_the_places_there_are(self, shop: Shop) -> None:
        event_id = shop.event(capacity=PLACES)

        answers = at_once(
            [
                partial(check_out, shop, event_id, f"last{number}@example.com")
                for number in range(GUESTS)
            ]
        )

        found = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
        assert found == {(201, None): PLACES, (409, "sold-out"): GUESTS - PLACES}
        held = "SELECT held + sold FROM ticket_types WHERE event_id = :event"
        assert shop.number(held, event=event_id) == PLACES

    def test_makes_one_guest_of_an_address(self, shop: Shop) -> None:
        event_id = shop.event()

        answers = at_once([partial(check_out, shop, event_id, "same@example.com")] * GUESTS)

        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["token"] for answer in answers}) == GUESTS
        buyers = "SELECT count(DISTINCT buyer_id) FROM orders WHERE event_id = :event"
        guests = "SELECT count(*) FROM users WHERE email = 'same@example.com'"
        assert shop.number(buyers, event=event_id) == 1
        assert shop.number(guests) == 1
