"""Events that last whole days, by the API: which moments they take, and how they change."""

from typing import Any

import httpx
import pytest

from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person, one_database
from tests.support.fakes import FakeClock

RULE = "must be a day, or its midnight in the event's time zone: the event lasts whole days"


def create(api: httpx.Client, person: Person, **changes: Any) -> httpx.Response:
    return api.post("/events/", json={**EVENT, "all_day": True, **changes}, headers=person.headers)


def change(api: httpx.Client, person: Person, **changes: Any) -> httpx.Response:
    return api.patch("/events/1", json=changes, headers=person.headers)


def moments(answer: httpx.Response) -> tuple[Any, ...]:
    assert answer.is_success, answer.text
    event = answer.json()
    return event["all_day"], event["date"], event["ends_at"]


class TestCreate:
    @pytest.mark.parametrize(
        ("zone", "first", "behind", "date", "ends_at"),
        [
            (
                *("Africa/Lagos", "2027-12-04", "2027-12-07"),
                *("2027-12-03T23:00:00Z", "2027-12-06T23:00:00Z"),
            ),
            (  # clocks go back on 7 November
                *("America/New_York", "2027-11-06", "2027-11-08"),
                *("2027-11-06T04:00:00Z", "2027-11-08T05:00:00Z"),
            ),
            (  # clocks go back on 4 April
                *("Pacific/Auckland", "2027-04-03", "2027-04-05"),
                *("2027-04-02T11:00:00Z", "2027-04-04T12:00:00Z"),
            ),
            (  # clocks skip the midnight of 30 April
                *("Africa/Cairo", "2027-04-30", "2027-05-01"),
                *("2027-04-29T22:00:00Z", "2027-04-30T21:00:00Z"),
            ),
        ],
    )
    def test_begins_and_ends_with_local_days(
        self,
        api: httpx.Client,
        organizer: Person,
        zone: str,
        first: str,
        behind: str,
        date: str,
        ends_at: str,
    ) -> None:
        by_days = create(api, organizer, date=first, ends_at=behind, time_zone=zone)
        by_moments = create(api, organizer, date=date, ends_at=ends_at, time_zone=zone)

        assert moments(by_days) == moments(by_moments) == (True, date, ends_at)
        assert moments(api.get("/events/1")) == (True, date, ends_at)

    def test_lasts_one_day_unless_it_says_when_it_ends(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        answer = create(api, organizer, date="2027-03-14", time_zone="America/New_York")

        # The day clocks go forward on has 23 hours.
        assert moments(answer) == (True, "2027-03-14T05:00:00Z", "2027-03-15T04:00:00Z")

    @one_database
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"date": "2030-06-01T19:00:00"}, "/date"),
            ({"date": "2030-06-01T00:00:00Z"}, "/date"),
            ({"date": "2030-06-01T00:00:01"}, "/date"),
            ({"date": "2030-06-01", "ends_at": "2030-06-02T12:00:00"}, "/ends_at"),
            ({"date": "2027-04-30T02:00:00", "time_zone": "Africa/Cairo"}, "/date"),
        ],
    )
    def test_refuses_a_moment_within_a_day(
        self, api: httpx.Client, organizer: Person, changes: dict[str, Any], field: str
    ) -> None:
        answer = create(api, organizer, **changes)

        assert code_of(answer) == (422, "event-value-invalid")
        assert answer.json()["errors"] == [{"pointer": field, "detail": RULE}]

    @one_database
    def test_refuses_an_end_before_the_first_day_is_over(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        answer = create(api, organizer, date="2030-06-01", ends_at="2030-06-01")

        assert pointers_of(answer) == ["/ends_at"]

    @one_database
    def test_takes_today_and_no_day_that_is_over(
        self, api: httpx.Client, organizer: Person, clock: FakeClock
    ) -> None:
        assert clock.now().isoformat() == "2027-03-01T12:00:00+00:00"

        assert create(api, organizer, date="2027-03-01").status_code == 201
        assert code_of(create(api, organizer, date="2027-02-28")) == (422, "event-in-past")

    @one_database
    def test_opens_its_doors_at_any_hour_of_its_days(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        days = {"date": "2030-06-01", "ends_at": "2030-06-03"}

        opened = create(api, organizer, **days, doors_open_at="2030-06-01T10:00:00")
        late = create(api, organizer, **days, doors_open_at="2030-06-03T10:00:00")

        assert opened.json()["doors_open_at"] == "2030-06-01T09:00:00Z"
        assert pointers_of(late) == ["/doors_open_at"]

    @one_database
    def test_is_an_event_with_an_hour_unless_it_says_so(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        answer = create(api, organizer, all_day=False)

        assert moments(answer) == (False, "2030-06-01T18:00:00Z", None)


class TestChange:
    def test_of_the_first_day_takes_the_others_along(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(
            api, organizer, date="2027-11-01", ends_at="2027-11-04", time_zone="America/New_York"
        )

        answer = change(api, organizer, date="2027-11-06")

        # Three days, one of which has 25 hours.
        assert moments(answer) == (True, "2027-11-06T04:00:00Z", "2027-11-09T05:00:00Z")

    def test_to_whole_days_takes_the_days_it_touches(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(api, organizer, all_day=False, ends_at="2030-06-02T02:00:00")

        assert moments(change(api, organizer, all_day=True)) == (
            *(True, "2030-05-31T23:00:00Z", "2030-06-02T23:00:00Z"),
        )

    def test_to_whole_days_ends_at_midnight_with_the_day_before(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(api, organizer, all_day=False, ends_at="2030-06-02T00:00:00")

        assert moments(change(api, organizer, all_day=True)) == (
            *(True, "2030-05-31T23:00:00Z", "2030-06-01T23:00:00Z"),
        )

    def test_to_an_hour_keeps_the_moments_that_are_not_given(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(api, organizer, date="2030-06-01")

        assert moments(change(api, organizer, all_day=False)) == (
            *(False, "2030-05-31T23:00:00Z", "2030-06-01T23:00:00Z"),
        )
        assert moments(change(api, organizer, date="2030-06-01T19:00:00", ends_at=None)) == (
            *(False, "2030-06-01T18:00:00Z", None),
        )

    def test_to_whole_days_leaves_sales_as_they_are(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        closes = {"name": "Early", "ticket_price": 100, "sales_close_at": "2030-05-20T10:00:00Z"}
        create(api, organizer, all_day=False, ticket_types=[closes])

        switched = change(api, organizer, all_day=True).json()
        moved = change(api, organizer, all_day=False, date="2030-06-02T19:00:00").json()

        assert switched["ticket_types"][0]["sales_close_at"] == "2030-05-20T10:00:00Z"
        assert moved["ticket_types"][0]["sales_close_at"] == "2030-05-21T10:00:00Z"

    def test_of_the_zone_keeps_the_days(self, api: httpx.Client, organizer: Person) -> None:
        create(api, organizer, date="2030-06-01", ends_at="2030-06-03")

        answer = change(api, organizer, time_zone="Pacific/Auckland")

        assert moments(answer) == (True, "2030-05-31T12:00:00Z", "2030-06-02T12:00:00Z")

    def test_to_no_end_leaves_one_day(self, api: httpx.Client, organizer: Person) -> None:
        create(api, organizer, date="2030-06-01", ends_at="2030-06-03")

        assert moments(change(api, organizer, ends_at=None)) == (
            *(True, "2030-05-31T23:00:00Z", "2030-06-01T23:00:00Z"),
        )

    @one_database
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"date": "2030-06-01T19:00:00"}, "/date"),
            ({"ends_at": "2030-06-02T19:00:00"}, "/ends_at"),
            ({"time_zone": "Europe/Berlin", "date": "2030-05-31T23:00:00Z"}, "/date"),
        ],
    )
    def test_refuses_a_moment_within_a_day(
        self, api: httpx.Client, organizer: Person, changes: dict[str, Any], field: str
    ) -> None:
        create(api, organizer, date="2030-06-01")

        answer = change(api, organizer, **changes)

        assert answer.json()["errors"] == [{"pointer": field, "detail": RULE}]
        assert moments(api.get("/events/1"))[1] == "2030-05-31T23:00:00Z"


class TestDuplicate:
    def test_lasts_as_many_days(self, api: httpx.Client, organizer: Person) -> None:
        create(api, organizer, date="2027-04-29", ends_at="2027-05-01", time_zone="Africa/Cairo")

        answer = api.post(
            "/events/1/duplicate", json={"date": "2027-10-28"}, headers=organizer.headers
        )

        # Clocks go back on the second day.
        assert moments(answer) == (True, "2027-10-27T21:00:00Z", "2027-10-29T22:00:00Z")

    @one_database
    def test_begins_with_a_day(self, api: httpx.Client, organizer: Person) -> None:
        create(api, organizer, date="2030-06-01")

        answer = api.post(
            "/events/1/duplicate", json={"date": "2030-07-01T19:00"}, headers=organizer.headers
        )

        assert answer.json()["errors"] == [{"pointer": "/date", "detail": RULE}]
