"""Changes that are made only if the event is still as it was read."""

from typing import Any

import httpx
import pytest

from app.domain.ids import EventId
from tests.api.answers import code_of
from tests.api.conftest import EVENT, Person
from tests.support.factories import Factory

FAILED = (412, "precondition-failed")
TYPES = "/events/1/ticket-types"
NEW_TYPE = {"name": "VIP", "ticket_price": 9000}


@pytest.fixture
def etag(api: httpx.Client, make: Factory, organizer: Person) -> str:
    """The ETag of event 1."""
    make.event(organizer=organizer.user)
    return str(api.get("/events/1", headers=organizer.headers).headers["etag"])


def change(api: httpx.Client, person: Person, if_match: str, **changes: Any) -> httpx.Response:
    headers = {**person.headers, "If-Match": if_match}
    return api.patch("/events/1", json=changes or {"location": "Lekki"}, headers=headers)


class TestETag:
    def test_is_the_version_in_the_body(self, api: httpx.Client, organizer: Person) -> None:
        made = api.post("/events/", json=EVENT, headers=organizer.headers)
        changed = api.patch("/events/1", json={"title": "New"}, headers=organizer.headers)

        assert (made.headers["etag"], made.json()["version"]) == ('"1"', 1)
        assert (changed.headers["etag"], changed.json()["version"]) == ('"2"', 2)
        assert api.get("/events/1").headers["etag"] == '"2"'

    def test_changes_with_whatever_an_organizer_changes(
        self, api: httpx.Client, organizer: Person, etag: str
    ) -> None:
        seen = [etag]
        for method, path, body in (
            ("PATCH", "/events/1", {"location": "Lekki"}),
            ("POST", TYPES, NEW_TYPE),
            ("PATCH", f"{TYPES}/2", {"capacity": 10}),
            ("DELETE", f"{TYPES}/2", None),
            ("POST", "/events/1/pause-sales", None),
            ("POST", "/events/1/resume-sales", None),
            ("POST", "/events/1/cancellation", {"dry_run": False}),
        ):
            answer = api.request(method, path, json=body, headers=organizer.headers)
            assert answer.is_success, answer.text
            seen.append(api.get("/events/1").headers["etag"])

        assert len(set(seen)) == len(seen)

    def test_stays_while_tickets_are_sold(
        self, api: httpx.Client, make: Factory, etag: str
    ) -> None:
        make.buy(make.user(), EventId(1))

        assert api.get("/events/1").headers["etag"] == etag


class TestIfMatch:
    def test_lets_a_change_through_and_refuses_one_on_top_of_another(
        self, api: httpx.Client, organizer: Person, etag: str
    ) -> None:
        first = change(api, organizer, etag, location="Lekki")
        second = change(api, organizer, etag, location="Ikeja")
        informed = change(api, organizer, second.json()["etag"], location="Ikeja")

        assert first.status_code == 200
        assert code_of(second) == FAILED
        assert "Read it again" in second.json()["detail"]
        assert second.json()["etag"] == first.headers["etag"]
        assert informed.json()["location"] == "Ikeja"

    @pytest.mark.parametrize("if_match", ["*", '"1"', '"0", "1"', '"0","1" , "2"', 'W/"1"'])
    def test_holds_for_one_of_the_etags_or_any(
        self, api: httpx.Client, organizer: Person, etag: str, if_match: str
    ) -> None:
        assert change(api, organizer, if_match).status_code == 200

    @pytest.mark.parametrize("if_match", ['"2"', 'W/"2"', "1", '"01"', '"*"', '""', ",", "'1'"])
    def test_holds_for_nothing_else(
        self, api: httpx.Client, organizer: Person, etag: str, if_match: str
    ) -> None:
        refused = change(api, organizer, if_match)

        assert code_of(refused) == FAILED
        assert api.get("/events/1").json()["location"] == "Freedom Park, Lagos"

    def test_takes_the_etag_of_a_compressed_answer(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        make.event(organizer=organizer.user, description="All night long. " * 100)
        shown = api.get("/events/1", headers={"Accept-Encoding": "gzip"})

        first = change(api, organizer, shown.headers["etag"])
        second = change(api, organizer, shown.headers["etag"])

        assert shown.headers["content-encoding"] == "gzip"
        assert (first.status_code, code_of(second)) == (200, FAILED)

    def test_is_no_way_to_learn_of_events_of_others(
        self, api: httpx.Client, rival: Person, etag: str
    ) -> None:
        assert code_of(change(api, rival, '"7"')) == (404, "event-not-found")

    def test_of_nothing_is_not_found(self, api: httpx.Client, organizer: Person) -> None:
        assert code_of(change(api, organizer, "*")) == (404, "event-not-found")

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", TYPES, NEW_TYPE),
            ("PATCH", f"{TYPES}/1", {"capacity": 10}),
            ("DELETE", f"{TYPES}/1", None),
            ("DELETE", "/events/1", None),
        ],
    )
    def test_goes_for_ticket_types_and_deletion_as_well(
        self,
        api: httpx.Client,
        organizer: Person,
        etag: str,
        method: str,
        path: str,
        body: dict[str, Any] | None,
    ) -> None:
        api.post(TYPES, json={**NEW_TYPE, "name": "Late"}, headers=organizer.headers)
        now = api.get("/events/1").headers["etag"]

        stale, fresh = (
            api.request(method, path, json=body, headers={**organizer.headers, "If-Match": each})
            for each in (etag, now)
        )

        assert code_of(stale) == FAILED
        assert fresh.is_success, fresh.text

    def test_is_not_asked_of_a_replay(
        self, api: httpx.Client, organizer: Person, etag: str
    ) -> None:
        keyed = Person(organizer.user, {**organizer.headers, "Idempotency-Key": "once"})

        first, again = change(api, keyed, etag), change(api, keyed, etag)

        assert (first.status_code, again.json()) == (200, first.json())
        assert again.headers["idempotent-replayed"] == "true"
