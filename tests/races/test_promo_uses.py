"""The race for the last uses of a promo code."""

from functools import partial

import pytest

from tests.races.conftest import Shop
from tests.races.crowd import crowd, tally, violations, wide_door
from tests.support.racing import at_once

pytestmark = pytest.mark.slow

USES = 10
CONTENDERS = 200


class TestPromoCode:
    def test_is_used_as_often_as_it_may_be(self, shop: Shop) -> None:
        (organizer,) = crowd(shop, 1)
        event = {
            "title": "Early birds",
            "date": "2040-06-01T19:00:00",
            "location": "Freedom Park, Lagos",
            "ticket_price": 2500,
        }
        event_id = shop.http.post("/events/", json=event, headers=organizer).json()["id"]
        code = {"code": "EARLYBIRD", "kind": "percent", "value": 20, "max_uses": USES}
        path = f"/events/{event_id}/promo-codes"
        assert shop.http.post(path, json=code, headers=organizer).status_code == 201
        order_request = {"event_id": event_id, "promo_code": "earlybird"}

        with wide_door(shop) as http:
            answers = at_once(
                [
                    partial(http.post, "/orders/", json=order_request, headers=contender)
                    for contender in crowd(shop, CONTENDERS)
                ]
            )

        found = tally(answers)
        assert found == {(201, "done"): USES, (409, "promo-code-used-up"): CONTENDERS - USES}
        used = "SELECT used FROM promo_codes WHERE event_id = :event"
        assert shop.number(used, event=event_id) == USES
        assert violations(shop) == []
