"""Moments and time zones as they are written in bodies."""

from typing import Any

import httpx
import pytest

from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person, one_database

pytestmark = one_database

GAP: dict[str, Any] = {
    **EVENT,
    "time_zone": "Europe/Berlin",
    "date": "2030-03-31T02:45:00",  # no clock shows it: an hour is skipped, so it is 03:45
}


class TestSkippedHour:
    def test_has_no_event_that_ends_before_it_begins(self, api: httpx.Client) -> None:
        answer = api.post("/events/", json={**GAP, "ends_at": "2030-03-31T03:15:00"})

        assert pointers_of(answer) == ["/ends_at"]

    def test_moves_what_is_in_it_by_an_hour(self, api: httpx.Client) -> None:
        answer = api.post("/events/", json={**GAP, "ends_at": "2030-03-31T03:46:00"})

        assert answer.status_code == 201, answer.text
        assert answer.json()["date"] == "2030-03-31T01:45:00Z"
        assert answer.json()["ends_at"] == "2030-03-31T01:46:00Z"

    @pytest.mark.parametrize("path", ["/events/1", "/events/1/ticket-types/1"])
    def test_has_no_change_of_that_kind_either(
        self, api: httpx.Client, organizer: Person, path: str
    ) -> None:
        api.post("/events/", json=GAP, headers=organizer.headers)
        changes = {
            "/events/1": {"ends_at": "2030-03-31T03:15:00"},
            "/events/1/ticket-types/1": {
                "sales_open_at": "2030-03-31T02:45:00",
                "sales_close_at": "2030-03-31T03:15:00",
            },
        }

        answer = api.patch(path, json=changes[path], headers=organizer.headers)

        assert code_of(answer) == (422, "event-value-invalid")


class TestTimeZone:
    @pytest.mark.parametrize("name", ["localtime", "Factory", "posixrules", "right/UTC", "lagos"])
    def test_is_one_of_the_iana_database(self, api: httpx.Client, name: str) -> None:
        assert pointers_of(api.post("/events/", json={**EVENT, "time_zone": name})) == [
            "/time_zone"
        ]


class TestMoment:
    @pytest.mark.parametrize(
        "text",
        [
            "20300601",
            "2030-W22-6",
            "20300601T190000",
            "2030-06-01T19",
            "2030-06-01T1900",
            "2030-06-01_19:00",
            "2030-06-01T19:00:00+01:00:30",
        ],
    )
    def test_of_another_form_is_refused(self, api: httpx.Client, text: str) -> None:
        assert pointers_of(api.post("/events/", json={**EVENT, "date": text})) == ["/date"]

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2030-06-01", "2030-05-31T23:00:00Z"),
            ("2030-06-01T19:00", "2030-06-01T18:00:00Z"),
            ("2030-06-01 19:00:00", "2030-06-01T18:00:00Z"),
            ("2030-06-01T19:00:00.5Z", "2030-06-01T19:00:00Z"),
            ("2030-06-01t19:00:00z", "2030-06-01T19:00:00Z"),
            ("2030-06-01T19:00:00-0500", "2030-06-02T00:00:00Z"),
        ],
    )
    def test_is_a_day_or_a_day_and_a_time(self, api: httpx.Client, text: str, moment: str) -> None:
        answer = api.post("/events/", json={**EVENT, "date": text})

        assert answer.json()["date"] == moment
