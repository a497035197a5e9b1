"""Every webhook twenty times, all at once, to both workers."""

import json
import random
from functools import partial
from typing import Final

import httpx
import pytest

from app.paystack_mock.desks.courier import sign
from tests.races.conftest import Shop
from tests.races.crowd import crowd, secret, tally, violations, wide_door
from tests.steps.waiting import eventually
from tests.support.racing import LONGEST, at_once

pytestmark = pytest.mark.slow

ORDERS: Final = 50
COPIES: Final = 20
SENDERS: Final = 50

PAID: Final = "SELECT count(*) FROM orders WHERE event_id = :event AND status = 'paid'"
SETTLED: Final = "SELECT count(*) FROM order_changes WHERE event_id = :event AND to_status = 'paid'"
TICKETS: Final = "SELECT count(*) FROM tickets WHERE event_id = :event"
MAILS: Final = (
    "SELECT count(*) FROM outbox_messages WHERE event_id = :event AND kind = 'tickets-issued'"
    " AND status = 'sent' AND attempts = 1"
)


def message(reference: str) -> bytes:
    about = {"reference": reference, "status": "success"}
    return json.dumps({"event": "charge.success", "data": about}).encode()


class TestWebhook:
    def test_settles_once_however_often_it_comes(self, shop: Shop) -> None:
        event_id = shop.event()
        buyers = crowd(shop, ORDERS, name="no-webhook")
        opened = [
            shop.http.post("/payments/pay", json={"event_id": event_id}, headers=buyer)
            for buyer in buyers
        ]
        bodies = [message(answer.json()["reference"]) for answer in opened] * COPIES
        random.Random(3).shuffle(bodies)
        key = secret(shop, "paystack_key")

        def deliver(http: httpx.Client, batch: list[bytes]) -> list[httpx.Response]:
            return [
                http.post(
                    "/payments/webhook",
                    content=body,
                    headers={
                        "content-type": "application/json",
                        "x-paystack-signature": sign(key, body),
                    },
                )
                for body in batch
            ]

        with wide_door(shop) as http:
            batches = [partial(deliver, http, bodies[n::SENDERS]) for n in range(SENDERS)]
            answers = [answer for batch in at_once(batches) for answer in batch]

        assert tally(answers) == {(200, "done"): ORDERS * COPIES}
        assert sum(answer.json()["is_new"] for answer in answers) == ORDERS
        mails = partial(shop.number, MAILS, event=event_id)
        assert eventually(lambda: mails() == ORDERS, within=LONGEST)
        assert shop.number(PAID, event=event_id) == ORDERS
        assert shop.number(SETTLED, event=event_id) == ORDERS
        assert shop.number(TICKETS, event=event_id) == ORDERS
        assert violations(shop) == []
