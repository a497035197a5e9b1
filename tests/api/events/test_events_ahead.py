"""What the list of events begins with."""

from datetime import timedelta

import httpx
import pytest

from app.domain.ids import EventId
from app.http.services import Services
from tests.api.answers import titles_of
from tests.api.conftest import Person
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

DAY = timedelta(days=1)


def titles(api: httpx.Client, **query: str) -> list[str]:
    return titles_of(api.get("/events/", params=query))


class TestAhead:
    """What a list shows unless it is asked for more."""

    @pytest.fixture(autouse=True)
    def programme(
        self, make: Factory, services: Services, clock: FakeClock, organizer: Person
    ) -> None:
        for title, starts_at, ends_at in (
            ("over", START + DAY, START + 2 * DAY),
            ("over, without an end", START + DAY, None),
            ("long running", START + DAY, START + 9 * DAY),
            ("begun, without an end", START + 4 * DAY, None),
            ("called off", START + 8 * DAY, None),
            ("ahead", START + 8 * DAY, None),
        ):
            make.event(title=title, starts_at=starts_at, ends_at=ends_at, organizer=organizer.user)
        services.events.cancel(event_id=EventId(5), organizer=organizer.user, dry_run=False)
        clock.advance(5 * DAY - timedelta(seconds=1))

    def test_is_what_is_not_over_and_takes_place(self, api: httpx.Client, clock: FakeClock) -> None:
        assert titles(api) == ["long running", "begun, without an end", "ahead"]

        clock.advance(timedelta(seconds=1))

        assert titles(api) == ["long running", "ahead"]

    @pytest.mark.parametrize(
        ("query", "more"),
        [
            ({"past": "true"}, {"over", "over, without an end"}),
            ({"cancelled": "true"}, {"called off"}),
            (
                {"past": "true", "cancelled": "true", "category": "music"},
                {"over", "over, without an end", "called off"},
            ),
        ],
    )
    def test_is_all_there_is_when_asked_for(
        self, api: httpx.Client, query: dict[str, str], more: set[str]
    ) -> None:
        assert set(titles(api, **query)) - set(titles(api)) == more

    def test_leaves_what_is_over_where_it_was(self, api: httpx.Client) -> None:
        assert api.get("/events/1").status_code == api.get("/events/5").status_code == 200
