from typing import Any

import httpx
import pytest

from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person, one_database
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway


def create(api: httpx.Client, person: Person | None = None, **changes: Any) -> httpx.Response:
    headers = person.headers if person else {}
    return api.post("/events/", json={**EVENT, **changes}, headers=headers)


def change(api: httpx.Client, person: Person, event_id: int, **changes: Any) -> httpx.Response:
    return api.patch(f"/events/{event_id}", json=changes, headers=person.headers)


class TestChange:
    def test_changes_what_is_given_only(self, api: httpx.Client, organizer: Person) -> None:
        before = create(api, organizer, description="About jazz").json()

        answer = change(api, organizer, 1, title="Lagos Jazz Day", ticket_price=3000)

        assert answer.json() == {
            **before,
            "title": "Lagos Jazz Day",
            "ticket_price": 3000,
            "version": 2,
            "ticket_types": [{**before["ticket_types"][0], "ticket_price": 3000}],
        }
        assert api.get("/events/1").json() == answer.json()

    def test_empties_optional_fields_with_null(self, api: httpx.Client, organizer: Person) -> None:
        create(api, organizer, description="About jazz", capacity=5)

        answer = change(api, organizer, 1, description=None, category=None, capacity=None)

        assert answer.status_code == 200
        for field in ("description", "category", "capacity"):
            assert answer.json()[field] is None

    @one_database
    @pytest.mark.parametrize("field", ["title", "date", "location", "ticket_price", "currency"])
    def test_keeps_what_every_event_has(
        self, api: httpx.Client, organizer: Person, field: str
    ) -> None:
        create(api, organizer)

        assert change(api, organizer, 1, **{field: None}).status_code == 422

    def test_reads_a_local_date_in_the_events_zone(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(api, organizer, time_zone="Europe/Berlin")

        answer = change(api, organizer, 1, date="2031-01-01T20:00:00")

        assert answer.status_code == 200, answer.text
        assert answer.json()["date"] == "2031-01-01T19:00:00Z"

    def test_reads_a_local_date_in_the_zone_that_comes_with_it(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(api, organizer, time_zone="Europe/Berlin")

        answer = change(
            api,
            organizer,
            1,
            date="2031-01-01T20:00:00",
            ends_at="2031-01-01T22:00:00",
            time_zone="America/New_York",
        )

        assert answer.status_code == 200, answer.text
        assert answer.json()["date"] == "2031-01-02T01:00:00Z"
        assert answer.json()["ends_at"] == "2031-01-02T03:00:00Z"

    def test_refuses_to_move_it_into_the_past(self, api: httpx.Client, organizer: Person) -> None:
        create(api, organizer)

        answer = change(api, organizer, 1, date="2020-01-01T00:00:00Z")

        assert code_of(answer) == (422, "event-in-past")

    def test_refuses_an_end_before_the_beginning(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(api, organizer)

        answer = change(api, organizer, 1, ends_at="2030-06-01T00:00:00Z")

        assert code_of(answer) == (422, "event-value-invalid")

    def test_sets_what_the_door_goes_by(self, api: httpx.Client, organizer: Person) -> None:
        create(api, organizer)

        answer = change(
            api, organizer, 1, doors_open_at="2030-06-01T17:30:00", reentry=True, terms="No dogs."
        )
        emptied = change(api, organizer, 1, doors_open_at=None, terms=None)

        assert answer.json()["doors_open_at"] == "2030-06-01T16:30:00Z"
        assert (answer.json()["reentry"], answer.json()["terms"]) == (True, "No dogs.")
        assert emptied.json()["doors_open_at"] is emptied.json()["terms"] is None
        assert emptied.json()["reentry"] is True
        assert pointers_of(change(api, organizer, 1, reentry=None)) == ["/reentry"]

    def test_refuses_doors_that_open_after_the_end(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        create(api, organizer)

        answer = change(api, organizer, 1, doors_open_at="2030-06-02T19:00:00")

        assert code_of(answer) == (422, "event-value-invalid")
        assert pointers_of(answer) == ["/doors_open_at"]

    @pytest.mark.parametrize("pays_at_once", [True, False], ids=["sold", "held"])
    def test_keeps_the_capacity_above_what_is_taken(
        self,
        api: httpx.Client,
        make: Factory,
        gateway: FakeGateway,
        organizer: Person,
        pays_at_once: bool,
    ) -> None:
        gateway.pays_at_once = pays_at_once
        event = make.event(capacity=5, organizer=organizer.user)
        for _ in range(2):
            make.buy(make.user(), event.id)

        refused = change(api, organizer, event.id, capacity=1)
        taken = change(api, organizer, event.id, capacity=2)

        assert code_of(refused) == (409, "capacity-too-small")
        assert refused.json()["taken"] == 2
        assert taken.json()["places_left"] == 0

    def test_keeps_the_currency_once_there_are_orders(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        event = make.event(organizer=organizer.user)
        make.buy(make.user(), event.id)

        answer = change(api, organizer, event.id, currency="USD")

        assert code_of(answer) == (409, "event-has-orders")
        assert api.get(f"/events/{event.id}").json()["currency"] == "NGN"

    def test_is_for_its_organizer_and_admins(
        self,
        api: httpx.Client,
        make: Factory,
        organizer: Person,
        rival: Person,
        ada: Person,
        admin: Person,
    ) -> None:
        event = make.event(organizer=organizer.user)

        for stranger in (rival, ada):
            answer = change(api, stranger, event.id, title="Mine now")
            assert code_of(answer) == (404, "event-not-found")
        assert change(api, admin, event.id, title="By the admin").status_code == 200
        assert api.patch(f"/events/{event.id}", json={"title": "X"}).status_code == 401


class TestDelete:
    def test_removes_it(self, api: httpx.Client, make: Factory, organizer: Person) -> None:
        event = make.event(organizer=organizer.user)

        answer = api.delete(f"/events/{event.id}", headers=organizer.headers)

        assert (answer.status_code, answer.content) == (204, b"")
        assert api.get(f"/events/{event.id}").status_code == 404
        assert api.get("/events/").json() == []

    def test_keeps_an_event_with_orders(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        event = make.event(organizer=organizer.user)
        make.buy(make.user(), event.id)

        answer = api.delete(f"/events/{event.id}", headers=organizer.headers)

        assert code_of(answer) == (409, "event-has-orders")
        assert api.get(f"/events/{event.id}").status_code == 200

    def test_is_for_its_organizer_and_admins(
        self,
        api: httpx.Client,
        make: Factory,
        organizer: Person,
        rival: Person,
        admin: Person,
    ) -> None:
        event = make.event(organizer=organizer.user)

        stranger = api.delete(f"/events/{event.id}", headers=rival.headers)

        assert code_of(stranger) == (404, "event-not-found")
        assert api.delete(f"/events/{event.id}", headers=admin.headers).status_code == 204
