"""Orders of several types that cross each other, and one buyer who wants too much."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest

from tests.races.conftest import UNPAID_PLACES, Shop
from tests.races.crowd import crowd, tally, violations, wide_door
from tests.support.people import Headers
from tests.support.racing import at_once

pytestmark = pytest.mark.slow

BUYERS = 50
ORDERS_EACH = 10
PLACES = 300
"""Of each type. About 420 of each are asked for and every third order is given up again."""

MOST = 4


@dataclass
class Shopper:
    """Orders tickets of any types in any order, and now and then gives an order up again."""

    http: httpx.Client
    headers: Headers
    event_id: int
    types: Sequence[int]
    dice: random.Random
    placed: list[dict[str, Any]] = field(default_factory=list)
    answers: list[httpx.Response] = field(default_factory=list)

    def shop(self) -> None:
        for _ in range(ORDERS_EACH):
            self.order()
            if self.placed and self.dice.random() < 1 / 3:
                self.give_up(self.placed.pop(self.dice.randrange(len(self.placed))))

    def order(self) -> None:
        wanted = Counter(self.dice.choices(self.types, k=self.dice.randint(1, 4)))
        items = [{"ticket_type_id": id_, "quantity": n} for id_, n in wanted.items()]
        self.dice.shuffle(items)
        body = {"event_id": self.event_id, "items": items, "promo_code": "CROSSING"}
        answer = self.http.post("/orders/", json=body, headers=self.headers)
        self.answers.append(answer)
        if answer.status_code == 201:
            order = answer.json()
            got = {item["ticket_type_id"]: item["quantity"] for item in order["items"]}
            assert got == wanted
            self.placed.append(order)

    def give_up(self, order: dict[str, Any]) -> None:
        answer = self.http.post(f"/orders/{order['id']}/cancel", headers=self.headers)
        assert answer.status_code == 200, answer.text


class TestOrders:
    def test_are_all_or_nothing_and_never_wait_in_a_circle(self, shop: Shop) -> None:
        types = [
            {"name": name, "ticket_price": 2500, "capacity": PLACES}
            for name in ("Stalls", "Balcony", "Box")
        ]
        (organizer,) = crowd(shop, 1)
        event = shop.http.post(
            "/events/",
            json={
                "title": "Crossing orders",
                "date": "2040-06-01T19:00:00",
                "location": "Freedom Park, Lagos",
                "ticket_price": 2500,
                "shared_capacity": 3 * PLACES,
                "max_per_buyer": 50,
                "ticket_types": types,
            },
            headers=organizer,
        ).json()
        code = {"code": "CROSSING", "kind": "percent", "value": 10}
        path = f"/events/{event['id']}/promo-codes"
        assert shop.http.post(path, json=code, headers=organizer).status_code == 201
        type_ids = [ticket_type["id"] for ticket_type in event["ticket_types"]]

        with wide_door(shop) as http:
            shoppers = [
                Shopper(http, headers, event["id"], type_ids, random.Random(seed))
                for seed, headers in enumerate(crowd(shop, BUYERS))
            ]
            at_once([shopper.shop for shopper in shoppers])

        found = tally(answer for shopper in shoppers for answer in shopper.answers)
        assert set(found) <= {(201, "done"), (409, "sold-out"), (409, "buyer-limit-reached")}, found
        assert found[201, "done"] >= PLACES / 4
        held: Counter[int] = Counter()
        for shopper in shoppers:
            for order in shopper.placed:
                for item in order["items"]:
                    held[item["ticket_type_id"]] += item["quantity"]
        asked = "SELECT held FROM ticket_types WHERE id = :type"
        assert {id_: shop.number(asked, type=id_) for id_ in type_ids} == held
        used = "SELECT used FROM promo_codes WHERE event_id = :event"
        assert shop.number(used, event=event["id"]) == sum(len(s.placed) for s in shoppers)
        assert violations(shop) == []


class TestBuyerLimit:
    def test_holds_against_one_buyer_in_fifty_windows(self, shop: Shop) -> None:
        event_id = shop.event(max_per_buyer=MOST)
        (greedy,) = crowd(shop, 1)
        order = partial(shop.http.post, "/orders/", json={"event_id": event_id}, headers=greedy)

        answers = at_once([order] * 50)

        assert tally(answers) == {(201, "done"): MOST, (409, "buyer-limit-reached"): 50 - MOST}
        assert violations(shop) == []


class TestUnpaidPlaces:
    def test_hold_against_one_account_that_wants_all(self, shop: Shop) -> None:
        event_id = shop.event(capacity=500)
        (greedy,) = crowd(shop, 1)
        type_id = shop.http.get(f"/events/{event_id}").json()["ticket_types"][0]["id"]
        body = {"event_id": event_id, "items": [{"ticket_type_id": type_id, "quantity": 10}]}
        order = partial(shop.http.post, "/orders/", json=body, headers=greedy)

        answers = at_once([order] * 50)

        kept = UNPAID_PLACES // 10
        assert tally(answers) == {(201, "done"): kept, (409, "too-many-unpaid-places"): 50 - kept}
        assert violations(shop) == []
