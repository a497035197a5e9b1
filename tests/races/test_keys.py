"""One call sent a hundred times under one key, by a client that does not trust the network."""

from functools import partial

import httpx
import pytest

from tests.races.conftest import Shop
from tests.races.crowd import crowd, tally, violations, wide_door
from tests.support.people import Headers
from tests.support.racing import at_once

pytestmark = pytest.mark.slow

COPIES = 100
ORDERS = "SELECT count(*) FROM orders WHERE event_id = :event"


class TestKey:
    @pytest.mark.parametrize(("path", "success"), [("/orders/", 201), ("/payments/pay", 200)])
    def test_makes_a_hundred_copies_of_a_call_one(
        self, shop: Shop, path: str, success: int
    ) -> None:
        event_id = shop.event()
        ada, bola = crowd(shop, 2, name="checkout")

        def send(http: httpx.Client, who: Headers, **body: object) -> httpx.Response:
            order_request = {"event_id": event_id, **body}
            return http.post(path, json=order_request, headers={**who, "Idempotency-Key": "once"})

        with wide_door(shop) as http:
            answers = at_once([partial(send, http, ada)] * COPIES)
            replay = send(http, ada)
            other_wish = send(http, ada, promo_code="SOMETHING")
            other_caller = send(http, bola)

        found = tally(answers)
        if path == "/orders/":
            assert found == {(success, "done"): COPIES}
        else:
            # Paying waits for Paystack; meanwhile the others are told to come back.
            assert set(found) <= {(success, "done"), (409, "key-in-use")}, found
            assert found[success, "done"] >= 1
        bodies = {answer.content for answer in answers if answer.status_code == success}
        assert bodies == {replay.content}
        assert replay.status_code == success
        assert replay.headers["idempotent-replayed"] == "true"
        assert tally([other_wish]) == {(422, "key-reused"): 1}
        assert other_caller.status_code == success
        assert other_caller.content != replay.content
        assert shop.number(ORDERS, event=event_id) == 2
        assert violations(shop) == []
