"""The sale everybody waits for: far more buyers than tickets, all in the same moment."""

from functools import partial

import httpx
import pytest

from tests.races.conftest import Shop
from tests.races.crowd import crowd, tally, violations, wide_door
from tests.support.people import Headers
from tests.support.racing import at_once

pytestmark = pytest.mark.slow

TICKETS = 100
BUYERS = 300


def buy(http: httpx.Client, event_id: int, buyer: Headers) -> httpx.Response:
    """Pay and verify; the answer of the last step that was made."""
    opened = http.post("/payments/pay", json={"event_id": event_id}, headers=buyer)
    if opened.status_code != 200:
        return opened
    return http.post(f"/payments/verify/{opened.json()['reference']}", headers=buyer)


class TestSale:
    def test_sells_every_ticket_once_and_refuses_the_others_politely(self, shop: Shop) -> None:
        event_id = shop.event(capacity=TICKETS)
        buyers = crowd(shop, BUYERS)

        with wide_door(shop) as http:
            answers = at_once([partial(buy, http, event_id, buyer) for buyer in buyers])

        assert tally(answers) == {(200, "done"): TICKETS, (409, "sold-out"): BUYERS - TICKETS}
        tickets = {answer.json()["ticket_id"] for answer in answers if answer.status_code == 200}
        assert len(tickets) == TICKETS
        owners = "SELECT count(DISTINCT user_id) FROM tickets WHERE event_id = :event"
        assert shop.number(owners, event=event_id) == TICKETS
        assert violations(shop) == []
