"""The process dies after a ticket was admitted and before the gate got the answer (K11)."""

from typing import Any

import httpx
import pytest

from app.domain.operations.faults import FaultPoint
from app.domain.states import Role
from tests.crashes.stage import SECRET_KEY, Stage, breaks
from tests.support.people import Headers, make_people

pytestmark = pytest.mark.slow

ENTRIES = "SELECT count(*) FROM check_ins WHERE verdict = 'accepted'"
SCANS = "SELECT count(*) FROM check_ins"


def person(stage: Stage, name: str, role: Role = Role.BUYER) -> Headers:
    address = f"no-webhook+{name}@example.com"
    (headers,) = make_people(stage.database, SECRET_KEY, [address], role=role)
    return headers


class TestScan:
    def test_is_answered_as_the_first_time_and_counted_once(self, stage: Stage) -> None:
        ada, admin = person(stage, "ada"), person(stage, "admin", Role.ADMIN)
        event_id = stage.event()
        paid = stage.http.post("/payments/pay", json={"event_id": event_id}, headers=ada).json()
        stage.http.post(f"/payments/verify/{paid['reference']}", headers=ada)
        (ticket,) = stage.http.get("/tickets/", headers=ada).json()

        def scan(http: httpx.Client, scan_id: str = "once") -> Any:
            body = {"code": ticket["code"], "scan_id": scan_id, "gate": "North"}
            answer = http.post(f"/events/{event_id}/check-ins", json=body, headers=admin)
            assert answer.status_code == 200, answer.text
            return answer.json()

        with stage.doomed(FaultPoint.SCAN_KEPT) as server, server.client() as http:
            breaks(lambda: scan(http))
        assert stage.number(ENTRIES) == 1
        again = scan(stage.http)
        other = scan(stage.http, "another")

        assert (again["verdict"], again["reason"]) == ("accepted", "admitted")
        assert again["is_repeat"]
        assert other["reason"] == "already-used"
        assert other["entry"] == {"at": again["scanned_at"], "gate": "North"}
        assert (stage.number(ENTRIES), stage.number(SCANS)) == (1, 2)
        assert stage.violations() == []
