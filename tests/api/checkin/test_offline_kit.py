"""What scanners take along and tell afterwards, over HTTP."""

import httpx
import pytest

from tests.api.answers import pointers_of
from tests.api.conftest import Person
from tests.api.scanners import scanner
from tests.steps.door import Door


class TestOfflineKit:
    def test_is_not_sent_twice(self, api: httpx.Client, door: Door, organizer: Person) -> None:
        door.ticket()
        headers = scanner(api, door, organizer)

        for path in ("manifest", "revocations"):
            address = f"/events/{door.event_id}/{path}"
            first = api.get(address, headers=headers)
            tag = first.headers["etag"]
            again = api.get(address, headers={**headers, "If-None-Match": tag})

            assert first.status_code == 200
            assert first.headers["cache-control"] == "private, no-cache"
            assert tag == f'W/"{first.json()["revision"]}"'
            assert (again.status_code, again.content) == (304, b"")

    def test_tells_the_event_and_the_keys(
        self, api: httpx.Client, door: Door, organizer: Person
    ) -> None:
        door.ticket()

        found = api.get(f"/events/{door.event_id}/manifest", headers=organizer.headers).json()

        assert found["event"] == {
            "id": door.event_id,
            "title": "Lagos Jazz Night",
            "starts_at": "2027-03-31T12:00:00Z",
            "ends_at": None,
            "all_day": False,
            "doors_open_at": None,
            "closes_at": "2027-04-01T12:00:00Z",
            "time_zone": "Africa/Lagos",
            "reentry": False,
            "cancelled": False,
        }
        assert found["keys"] == api.get("/.well-known/jwks.json").json()["keys"]
        assert len(found["entries"]) == 1

    def test_tells_of_conflicts_with_both_scans(
        self, api: httpx.Client, door: Door, organizer: Person
    ) -> None:
        code, headers = door.code(door.ticket()), scanner(api, door, organizer)
        told = [
            {"scan_id": name, "code": code, "scanned_at": at, "verdict": "accepted", "gate": name}
            for name, at in (("B", "2027-03-01T11:30:00Z"), ("A", "2027-03-01T11:00:00Z"))
        ]
        path = f"/events/{door.event_id}/check-ins"

        uploads = [
            api.post(f"{path}/batch", json={"scans": scans}, headers=headers).json()["results"]
            for scans in (told, told[::-1])
        ]
        (conflict,) = api.get(f"{path}/conflicts", headers=headers).json()

        assert [each["is_conflict"] for each in uploads[0]] == [True, False]
        assert [each["is_repeat"] for each in uploads[1]] == [True, True]
        assert [each["gate"] for each in conflict["scans"]] == ["A", "B"]
        assert conflict["ticket"] == uploads[0][0]["ticket"]

    @pytest.mark.parametrize("amount", [0, 101])
    def test_takes_a_hundred_scans_at_once(
        self, api: httpx.Client, door: Door, organizer: Person, amount: int
    ) -> None:
        scans = [
            {"scan_id": str(n), "code": "x", "scanned_at": "2027-03-01", "verdict": "refused"}
            for n in range(amount)
        ]

        answer = api.post(
            f"/events/{door.event_id}/check-ins/batch",
            json={"scans": scans},
            headers=organizer.headers,
        )

        assert pointers_of(answer) == ["/scans"]
