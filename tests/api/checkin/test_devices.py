"""Staff and scanners, which admit tickets."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.repositories.database import Database
from tests.api.answers import code_of
from tests.api.conftest import Headers, Person
from tests.support.factories import Factory
from tests.support.fakes import FakeClock


@pytest.fixture
def event_id(make: Factory, organizer: Person) -> int:
    return make.event(organizer=organizer.user).id


def prepare(api: httpx.Client, event_id: int, organizer: Person) -> dict[str, Any]:
    body = {"name": "Phone 3", "gate": "North"}
    answer = api.post(f"/events/{event_id}/devices", json=body, headers=organizer.headers)
    assert answer.status_code == 201, answer.text
    device: dict[str, Any] = answer.json()
    return device


def enrol(api: httpx.Client, device: dict[str, Any]) -> Headers:
    answer = api.post("/scanners/enrol", json={"code": device["enrolment"]["code"]})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


class TestStaff:
    def test_is_taken_on_by_name_or_address_once(
        self, api: httpx.Client, event_id: int, organizer: Person, ada: Person
    ) -> None:
        path = f"/events/{event_id}/staff"

        first = api.post(path, json={"name": "ADA"}, headers=organizer.headers)
        again = api.post(path, json={"name": "ada@example.com"}, headers=organizer.headers)

        assert first.status_code == again.status_code == 201
        assert first.json() == again.json()
        assert first.json()["user_id"] == ada.user.id
        assert api.get(path, headers=organizer.headers).json() == [first.json()]

    def test_is_somebody_with_an_account(
        self, api: httpx.Client, event_id: int, organizer: Person
    ) -> None:
        answer = api.post(
            f"/events/{event_id}/staff", json={"name": "nobody"}, headers=organizer.headers
        )

        assert code_of(answer) == (404, "account-not-found")

    def test_is_let_go_once(
        self, api: httpx.Client, event_id: int, organizer: Person, ada: Person
    ) -> None:
        path = f"/events/{event_id}/staff"
        api.post(path, json={"name": "ada"}, headers=organizer.headers)

        gone = api.delete(f"{path}/{ada.user.id}", headers=organizer.headers)
        again = api.delete(f"{path}/{ada.user.id}", headers=organizer.headers)

        assert gone.status_code == 204
        assert code_of(again) == (404, "staff-not-found")
        assert api.get(path, headers=organizer.headers).json() == []


class TestEnrol:
    def test_gives_a_scanner_its_token_and_its_event(
        self, api: httpx.Client, event_id: int, organizer: Person
    ) -> None:
        device = prepare(api, event_id, organizer)

        headers = enrol(api, device)

        code = device["enrolment"]["code"]
        assert device["enrolment"]["url"] == f"https://shop.test/scan#enrol={code}"
        assert headers["Authorization"].startswith("Bearer scn_")
        shown = api.get("/scanners/me", headers=headers).json()
        named = {"id": device["id"], "name": "Phone 3", "gate": "North", "event_id": event_id}
        assert shown["device"] == named
        assert shown["event"]["title"] == "Lagos Jazz Night"
        (listed,) = api.get(f"/events/{event_id}/devices", headers=organizer.headers).json()
        assert listed["enrolled_at"]
        assert "enrolment" not in listed

    def test_works_once(self, api: httpx.Client, event_id: int, organizer: Person) -> None:
        device = prepare(api, event_id, organizer)
        enrol(api, device)

        again = api.post("/scanners/enrol", json={"code": device["enrolment"]["code"]})

        assert code_of(again) == (404, "enrolment-invalid")

    def test_works_for_a_day(
        self, api: httpx.Client, event_id: int, organizer: Person, clock: FakeClock
    ) -> None:
        device = prepare(api, event_id, organizer)
        clock.advance(timedelta(hours=24))

        late = api.post("/scanners/enrol", json={"code": device["enrolment"]["code"]})

        assert code_of(late) == (404, "enrolment-invalid")

    def test_keeps_no_secret(
        self, api: httpx.Client, event_id: int, organizer: Person, database: Database
    ) -> None:
        device = prepare(api, event_id, organizer)
        token = enrol(api, device)["Authorization"].removeprefix("Bearer ")

        with database.connection() as connection:
            kept = str(connection.execute(text("SELECT * FROM scanner_devices")).all())

        assert token not in kept
        assert device["enrolment"]["code"] not in kept


class TestScanner:
    def test_that_is_revoked_is_refused(
        self, api: httpx.Client, event_id: int, organizer: Person
    ) -> None:
        device = prepare(api, event_id, organizer)
        headers = enrol(api, device)
        path = f"/events/{event_id}/devices/{device['id']}"

        assert api.delete(path, headers=organizer.headers).status_code == 204

        assert code_of(api.get("/scanners/me", headers=headers)) == (401, "scanner-not-enrolled")
        again = api.delete(path, headers=organizer.headers)
        assert code_of(again) == (404, "device-not-found")

    def test_that_is_revoked_before_it_enrols_never_does(
        self, api: httpx.Client, event_id: int, organizer: Person
    ) -> None:
        device = prepare(api, event_id, organizer)
        api.delete(f"/events/{event_id}/devices/{device['id']}", headers=organizer.headers)

        answer = api.post("/scanners/enrol", json={"code": device["enrolment"]["code"]})

        assert code_of(answer) == (404, "enrolment-invalid")

    def test_may_nothing_that_accounts_may(
        self, api: httpx.Client, event_id: int, organizer: Person
    ) -> None:
        headers = enrol(api, prepare(api, event_id, organizer))

        for path in ("/users/me", "/tickets/", f"/events/{event_id}/devices"):
            assert code_of(api.get(path, headers=headers)) == (401, "not-logged-in"), path

    def test_is_no_account(self, api: httpx.Client, ada: Person) -> None:
        for token in ("scn_", "scn_nonsense"):
            answer = api.get("/scanners/me", headers={"Authorization": f"Bearer {token}"})
            assert code_of(answer) == (401, "scanner-not-enrolled")
        answer = api.get("/scanners/me", headers=ada.headers)
        assert code_of(answer) == (401, "scanner-not-enrolled")

    @pytest.mark.parametrize(("method", "path"), [("GET", "/users/me"), ("POST", "/events/")])
    def test_is_told_that_its_token_is_for_the_door_alone(
        self, api: httpx.Client, method: str, path: str
    ) -> None:
        headers = {"Authorization": "Bearer scn_nonsense"}

        answer = api.request(method, path, headers=headers, json={} if method == "POST" else None)

        assert code_of(answer) == (401, "not-logged-in")
        assert "scanner" in answer.json()["detail"]

    def test_is_noted_as_seen_once_a_minute(
        self, api: httpx.Client, event_id: int, organizer: Person, clock: FakeClock
    ) -> None:
        headers = enrol(api, prepare(api, event_id, organizer))

        def seen_after(passed: timedelta) -> str:
            clock.advance(passed)
            api.get("/scanners/me", headers=headers)
            (listed,) = api.get(f"/events/{event_id}/devices", headers=organizer.headers).json()
            seen: str = listed["last_seen_at"]
            return seen

        assert seen_after(timedelta(0)) == seen_after(timedelta(seconds=59))
        assert seen_after(timedelta(seconds=1)) != seen_after(timedelta(seconds=60))
