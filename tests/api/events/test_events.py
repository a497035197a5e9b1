from typing import Any

import httpx
import pytest

from app.domain.ids import MAX_ID
from app.http.services import Services
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, OpenApi, Person, one_database
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway


def create(api: httpx.Client, person: Person | None = None, **changes: Any) -> httpx.Response:
    headers = person.headers if person else {}
    return api.post("/events/", json={**EVENT, **changes}, headers=headers)


def change(api: httpx.Client, person: Person, event_id: int, **changes: Any) -> httpx.Response:
    return api.patch(f"/events/{event_id}", json=changes, headers=person.headers)


class TestCreate:
    def test_answers_with_the_whole_event(self, api: httpx.Client, organizer: Person) -> None:
        answer = create(
            api,
            organizer,
            ticket_price=2500.5,
            description="Two lines\nof text",
            ends_at="2030-06-01T23:00:00",
            image_url="https://example.com/jazz.png",
            capacity=200,
            doors_open_at="2030-06-01T18:00:00",
            reentry=True,
            terms="No glass.\nNo dogs.",
        )

        assert answer.status_code == 201
        assert answer.json() == {
            "id": 1,
            "title": "Lagos Jazz Night",
            "date": "2030-06-01T18:00:00Z",
            "location": "Freedom Park, Lagos",
            "ticket_price": 2500.5,
            "category": "Music",
            "currency": "NGN",
            "description": "Two lines\nof text",
            "ends_at": "2030-06-01T22:00:00Z",
            "time_zone": "Africa/Lagos",
            "image_url": "https://example.com/jazz.png",
            "image": None,
            "capacity": 200,
            "places_left": 200,
            "shared_capacity": None,
            "max_per_buyer": None,
            "refund_hours": None,
            "doors_open_at": "2030-06-01T17:00:00Z",
            "reentry": True,
            "all_day": False,
            "terms": "No glass.\nNo dogs.",
            "cancelled_at": None,
            "sales_paused_at": None,
            "is_draft": False,
            "version": 1,
            "ticket_types": [
                {
                    "id": 1,
                    "name": "General admission",
                    "ticket_price": 2500.5,
                    "capacity": 200,
                    "places_left": 200,
                    "sales_open_at": None,
                    "sales_close_at": None,
                    "min_per_order": 1,
                    "max_per_order": 10,
                }
            ],
            "organizer_id": organizer.user.id,
            "organization": {
                "id": 1,
                "name": "organizer",
                "contact_email": None,
                "colour": None,
                "logo": None,
            },
        }
        assert api.get("/events/1").json() == answer.json()

    @pytest.mark.parametrize(
        ("date", "time_zone", "in_utc"),
        [
            ("2030-06-01T19:00:00", "Africa/Lagos", "2030-06-01T18:00:00Z"),
            ("2030-06-01T19:00:00", "Europe/Berlin", "2030-06-01T17:00:00Z"),
            ("2030-12-01T19:00:00", "Europe/Berlin", "2030-12-01T18:00:00Z"),
            ("2030-06-01T19:00:00Z", "Europe/Berlin", "2030-06-01T19:00:00Z"),
            ("2030-06-01T19:00:00+05:30", "Africa/Lagos", "2030-06-01T13:30:00Z"),
            ("2030-06-01", "America/New_York", "2030-06-01T04:00:00Z"),
            ("2028-02-29T12:00:00", "Africa/Lagos", "2028-02-29T11:00:00Z"),
        ],
    )
    def test_reads_a_date_without_offset_in_the_events_own_zone(
        self, api: httpx.Client, date: str, time_zone: str, in_utc: str
    ) -> None:
        answer = create(api, date=date, time_zone=time_zone)

        assert answer.json()["date"] == in_utc
        assert answer.json()["time_zone"] == time_zone

    @one_database
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("date", "soon"),
            ("date", "2030-02-30"),
            ("date", 1900000000),
            ("date", "0001-01-01T00:00:00"),
            ("date", "9999-12-31T23:59:59"),
            ("ticket_price", 1.005),
            ("ticket_price", 10_000_001),
            ("ticket_price", 10),
            ("ticket_price", "2500"),
            ("time_zone", "Mars/Olympus"),
            ("time_zone", "../../etc/passwd"),
            ("currency", "EUR"),
            ("currency", "ngn"),
            ("image_url", "javascript:alert(1)"),
            ("image_url", "no address"),
            ("capacity", 0),
            ("capacity", -1),
            ("title", ""),
            ("title", "   "),
            ("title", "x" * 201),
            ("title", "two\nlines"),
            ("category", ""),
            ("ends_at", "2030-06-01T19:00:00"),
        ],
    )
    def test_refuses_values_that_make_no_sense(
        self, api: httpx.Client, field: str, value: Any
    ) -> None:
        answer = create(api, **{field: value})

        assert pointers_of(answer) == [f"/{field}"]
        assert api.get("/events/").json() == []

    @pytest.mark.parametrize("missing", ["title", "date", "location", "ticket_price"])
    @one_database
    def test_needs_what_every_event_has(self, api: httpx.Client, missing: str) -> None:
        body = {name: value for name, value in EVENT.items() if name != missing}

        assert pointers_of(api.post("/events/", json=body)) == [f"/{missing}"]

    def test_needs_an_organizer_outside_the_demo(
        self,
        open_api: OpenApi,
        production: Services,
        ada: Person,
        organizer: Person,
        admin: Person,
    ) -> None:
        real = open_api(production)

        anonymous = create(real)

        assert code_of(anonymous) == (401, "not-logged-in")
        assert anonymous.headers["www-authenticate"] == "Bearer"
        assert code_of(create(real, ada)) == (403, "role-missing")
        assert create(real, organizer).json()["organizer_id"] == organizer.user.id
        assert create(real, admin).status_code == 201

    def test_needs_nobody_in_the_demo(self, api: httpx.Client) -> None:
        answer = create(api)

        assert answer.status_code == 201
        assert answer.json()["organizer_id"] is None


class TestShow:
    def test_tells_how_many_places_are_left(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event(capacity=3)
        make.buy(make.user(), event.id)
        gateway.pays_at_once = False
        make.pay(make.user(), event.id)

        answer = api.get(f"/events/{event.id}").json()

        assert (answer["capacity"], answer["places_left"]) == (3, 1)

    def test_says_none_for_an_event_without_limit(self, api: httpx.Client, make: Factory) -> None:
        event = make.event(capacity=None)

        assert api.get(f"/events/{event.id}").json()["places_left"] is None

    @pytest.mark.parametrize("event_id", [1, 2**31, MAX_ID])
    def test_knows_no_other(self, api: httpx.Client, event_id: int) -> None:
        assert code_of(api.get(f"/events/{event_id}")) == (404, "event-not-found")

    @one_database
    @pytest.mark.parametrize("event_id", ["0", "-1", str(2**63), "one", "%00", "1e3"])
    def test_refuses_what_is_no_id(self, api: httpx.Client, event_id: str) -> None:
        assert pointers_of(api.get(f"/events/{event_id}")) == ["/event_id"]
