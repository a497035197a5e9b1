"""The categories of what is on, with how many events each has."""

from datetime import timedelta

import httpx

from app.domain.ids import EventId
from app.http.services import Services
from app.repositories.database import Database
from app.services.events.categories import COUNTED_AGAIN_AFTER
from tests.api.conftest import Person
from tests.steps.statements import asked
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock


def counts(api: httpx.Client) -> list[tuple[str, int]]:
    return [(each["name"], each["events"]) for each in api.get("/categories").json()]


def is_counted_anew(services: Services, database: Database) -> bool:
    """Whether asking for the categories goes through the events."""
    with asked(database) as statements:
        services.categories.all()
    return any("GROUP BY" in each for each in statements)


class TestCategories:
    def test_are_those_of_what_is_on_the_most_first(
        self, api: httpx.Client, make: Factory, organizer: Person, services: Services
    ) -> None:
        make.event(category="Tech & Co")
        for category in ("Music", "music", "MUSIC", "Art", None):
            make.event(category=category)
        make.event(category="Drafts", organizer=organizer.user, is_draft=True)
        cancelled = make.event(category="Cancelled", organizer=organizer.user)
        services.events.cancel(event_id=cancelled.id, organizer=organizer.user, dry_run=False)

        assert counts(api) == [("MUSIC", 3), ("Art", 1), ("Tech & Co", 1)]

    def test_are_none_where_nothing_is_on(self, api: httpx.Client) -> None:
        assert counts(api) == []

    def test_lead_to_their_events(self, api: httpx.Client, make: Factory) -> None:
        made = make.event(category="Tech & Co")

        ((name, _),) = counts(api)

        found = api.get("/events/", params={"category": name}).json()
        assert [each["id"] for each in found] == [made.id]

    def test_are_on_the_front_page(self, api: httpx.Client, make: Factory) -> None:
        for number in range(14):
            make.event(category=f"Kind {number:02}")

        page = api.get("/").text

        assert [f"Kind {each:02}" in page for each in (0, 11)] == [True, True]
        assert "/?category=Kind+12" not in page
        assert len(counts(api)) == 14


class TestCounting:
    def test_is_done_once_while_nothing_changes(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        make.event()
        services.categories.all()

        assert not is_counted_anew(services, database)
        make.buy(make.user(), EventId(1))
        assert not is_counted_anew(services, database)

    def test_is_done_again_after_each_change(
        self, api: httpx.Client, organizer: Person, make: Factory, clock: FakeClock
    ) -> None:
        make.event(category="Music", organizer=organizer.user)
        seen = [counts(api)]
        for method, path, body in (
            ("PATCH", "/events/1", {"category": "Art"}),
            ("POST", "/events/1/duplicate", {"date": "2030-06-01T19:00:00"}),
            ("POST", "/events/2/publish", None),
            ("POST", "/events/1/cancellation", {"dry_run": False}),
        ):
            clock.advance(timedelta(milliseconds=1))
            answer = api.request(method, path, json=body, headers=organizer.headers)
            assert answer.is_success, answer.text
            seen.append(counts(api))

        assert seen == [[("Music", 1)], [("Art", 1)], [("Art", 1)], [("Art", 2)], [("Art", 1)]]

    def test_forgets_what_is_over_in_time(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        event = make.event(starts_at=START + timedelta(hours=1), ends_at=START + timedelta(hours=2))
        clock.advance(event.starts_at - START + timedelta(hours=1) - timedelta(seconds=1))
        before = services.categories.all()
        clock.advance(timedelta(seconds=1))
        kept = services.categories.all()
        clock.advance(COUNTED_AGAIN_AFTER)

        assert len(before) == len(kept) == 1
        assert services.categories.all() == []
