"""One ticket before fifty gates at once: one admits it, the others tell when and where."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.domain.states import Role
from tests.races.conftest import Shop
from tests.races.crowd import crowd, secret, tally, violations, violations_now, wide_door
from tests.steps.forgeries import forgeries
from tests.support.people import make_people
from tests.support.racing import at_once

pytestmark = pytest.mark.slow

GATES = 50
FORGERIES = 300

READ = "SELECT used_at IS NULL FROM tickets WHERE id = :ticket"
WRITE = "UPDATE tickets SET used_at = :at, inside = true WHERE id = :ticket"
KEEP = """
INSERT INTO check_ins
    (event_id, ticket_id, scan_id, direction, verdict, reason, scanned_at, received_at)
VALUES (:event, :ticket, :scan, 'in', 'accepted', 'admitted', :at, :at)
"""


class Gate:
    """An event, one ticket of it, and an admin who checks it."""

    def __init__(self, shop: Shop, **event: object) -> None:
        (self.buyer,) = crowd(shop, 1, name="no-webhook")
        key = secret(shop, "secret_key")
        name = f"admin+{time.time_ns()}@example.com"
        (self.admin,) = make_people(shop.database, key, [name], role=Role.ADMIN)
        self.event_id = shop.event(**event)
        body = {"event_id": self.event_id}
        paid = shop.http.post("/payments/pay", json=body, headers=self.buyer).json()
        verified = shop.http.post(f"/payments/verify/{paid['reference']}", headers=self.buyer)
        assert verified.status_code == 200, verified.text
        self.order_id: int = paid["order_id"]
        (self.ticket,) = shop.http.get("/tickets/", headers=self.buyer).json()

    def scan(
        self, http: httpx.Client, scan_id: str, gate: str, direction: str = "in"
    ) -> httpx.Response:
        body = {
            "code": self.ticket["code"],
            "scan_id": scan_id,
            "gate": gate,
            "direction": direction,
        }
        path = f"/events/{self.event_id}/check-ins"
        return http.post(path, json=body, headers=self.admin)


def reasons(answers: list[httpx.Response]) -> Counter[str]:
    assert {answer.status_code for answer in answers} == {200}, tally(answers)
    return Counter(answer.json()["reason"] for answer in answers)


class TestOneTicket:
    def test_lets_in_once_and_tells_fortynine_gates_when_and_where(self, shop: Shop) -> None:
        gate = Gate(shop)

        with wide_door(shop) as http:
            answers = at_once(
                [partial(gate.scan, http, f"scan-{n}", f"gate {n}") for n in range(GATES)]
            )

        assert reasons(answers) == {"admitted": 1, "already-used": GATES - 1}
        found = [answer.json() for answer in answers]
        (first,) = [each for each in found if each["verdict"] == "accepted"]
        assert first["entry"] == {"at": first["scanned_at"], "gate": first["gate"]}
        assert all(each["entry"] == first["entry"] for each in found)
        assert violations(shop) == []
        again = [gate.scan(shop.http, each["scan_id"], "elsewhere").json() for each in found]
        assert again == [{**each, "is_repeat": True} for each in found]
        kept = "SELECT count(*) FROM check_ins WHERE event_id = :event"
        assert shop.number(kept, event=gate.event_id) == GATES

    def test_scanned_under_one_name_is_one_scan(self, shop: Shop) -> None:
        gate = Gate(shop)

        with wide_door(shop) as http:
            answers = at_once([partial(gate.scan, http, "the-same", "North")] * GATES)

        assert reasons(answers) == {"admitted": GATES}
        found = [answer.json() for answer in answers]
        assert Counter(each["is_repeat"] for each in found) == {False: 1, True: GATES - 1}
        assert len({each["id"] for each in found}) == 1
        assert violations(shop) == []

    def test_that_comes_and_goes_does_so_in_turn(self, shop: Shop) -> None:
        gate = Gate(shop, reentry=True)
        ways = ["in", "out"] * (GATES // 2)

        with wide_door(shop) as http:
            answers = at_once(
                [partial(gate.scan, http, f"{n}", f"gate {n}", way) for n, way in enumerate(ways)]
            )

        found = reasons(answers)
        assert set(found) <= {"admitted", "already-used", "left", "not-inside"}
        assert found["admitted"] - found["left"] in (0, 1)
        assert violations(shop) == []

    def test_is_either_used_or_given_back(self, shop: Shop) -> None:
        for _ in range(5):
            gate = Gate(shop)
            refund = partial(
                shop.http.post,
                f"/orders/{gate.order_id}/refunds",
                json={"reason": "rain"},
                headers=gate.admin,
            )
            scans = [partial(gate.scan, shop.http, f"{n}", "North") for n in range(4)]

            refunded, *scanned = at_once([refund, *scans])

            found = reasons(scanned)
            if refunded.status_code == 201:
                assert found == {"refunded": 4}
            else:
                assert (refunded.status_code, refunded.json()["code"]) == (
                    409,
                    "ticket-not-refundable",
                )
                assert found == {"admitted": 1, "already-used": 3}
        assert violations(shop) == []


class TestForgeries:
    def test_are_refused_over_http(self, shop: Shop) -> None:
        gate = Gate(shop)
        tried = forgeries(gate.ticket["code"], random.Random(3))

        def scan(number: int) -> httpx.Response:
            body = {"code": next(tried), "scan_id": f"forged-{number}"}
            path = f"/events/{gate.event_id}/check-ins"
            return shop.http.post(path, json=body, headers=gate.admin)

        found = reasons([scan(number) for number in range(FORGERIES)])

        assert set(found) == {"forged", "unknown-code"}
        assert reasons([gate.scan(shop.http, "right", "North")]) == {"admitted": 1}


class TestControl:
    """The same with the guard taken out: what the tests above must be able to see."""

    @pytest.fixture
    def gate(self, shop: Shop) -> Iterator[Gate]:
        gate = Gate(shop)
        yield gate
        with shop.database.engine.begin() as connection:
            for statement in (
                "DELETE FROM check_ins WHERE event_id = :event",
                "UPDATE tickets SET used_at = NULL, inside = false WHERE event_id = :event",
            ):
                connection.execute(text(statement), {"event": gate.event_id})

    def test_that_reads_before_it_writes_lets_two_in(self, shop: Shop, gate: Gate) -> None:
        values: dict[str, Any] = {
            "ticket": gate.ticket["id"],
            "event": gate.event_id,
            "at": datetime.now(UTC).replace(tzinfo=None)
            if shop.database.is_sqlite
            else datetime.now(UTC),
        }

        def look() -> bool:
            with shop.database.connection() as connection:
                return bool(connection.execute(text(READ), values).scalar_one())

        def admit(scan_id: str) -> None:
            with shop.database.engine.begin() as connection:
                for statement in (WRITE, KEEP):
                    connection.execute(text(statement), {**values, "scan": scan_id})

        seen = at_once([look, look])
        for number, is_unused in enumerate(seen):
            if is_unused:
                admit(f"control-{number}")

        assert any("admitted more than once" in wrong for wrong in violations_now(shop))
