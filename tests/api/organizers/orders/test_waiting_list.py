"""The waiting list of an event in the console and over HTTP."""

from collections.abc import Sequence

import httpx
import pytest

from app.domain.states import Role, WaitingState
from app.models.users.users import User
from tests.api.conftest import Person, one_database
from tests.steps.browsing import Visitor
from tests.steps.console import signed_in
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer
from tests.support.lines import Line

pytestmark = one_database

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def line(make: Factory, seller: User) -> Line:
    """For the only place of an event."""
    return Line(make, make.event(organizer=seller, capacity=1))


def path_of(line: Line) -> str:
    return f"/manage/events/{line.event.id}/waiting-list"


def named(make: Factory, *names: str) -> Sequence[User]:
    return [make.user(name=name) for name in names]


class TestPage:
    def test_is_linked_and_tells_who_waits_for_what(
        self, visitor: Visitor, make: Factory, line: Line
    ) -> None:
        ada, bola = named(make, "ada", "bola")
        empty = visitor.open(path_of(line))
        line.join(ada)
        line.join(bola)
        line.free()
        make.work()

        page = visitor.open(path_of(line))

        assert "No one waits for places now." in empty
        assert f'href="{path_of(line)}"' in visitor.open(f"/manage/events/{line.event.id}")
        assert page.index(ada.email) < page.index(bola.email)
        assert page.count("1 \u00d7 General admission") == 2
        assert "has an offer" in page
        assert f"/orders/{line.offer(ada).id}" in page

    def test_finds_by_words_and_by_what_became_of_them(
        self, visitor: Visitor, make: Factory, line: Line
    ) -> None:
        ada, bola = named(make, "ada", "bola")
        line.join(ada)
        wait = line.join(bola)
        line.services.waiting.leave(user=bola, entry_id=wait.entry.id)

        found = [visitor.open(f"{path_of(line)}?{query}") for query in ("q=ADA@", "state=left")]
        none = visitor.open(f"{path_of(line)}?q=ada&state=left")

        assert [(ada.email in page, bola.email in page) for page in found] == [
            (True, False),
            (False, True),
        ]
        assert "No one on the list fits this." in none

    def test_takes_people_off_the_list_who_are_told(
        self, visitor: Visitor, make: Factory, line: Line, mailer: FakeMailer
    ) -> None:
        (ada,) = named(make, "ada")
        entry = line.join(ada).entry
        visitor.open(path_of(line))

        visitor.post(f"{path_of(line)}/{entry.id}/remove")
        make.work()

        assert line.states(ada) == [WaitingState.ENDED]
        assert "the organizer took you off the list" in mailer.to(ada.email)[-1].text
        assert ada.email not in visitor.open(path_of(line))
        assert "taken off the list" in visitor.open(f"{path_of(line)}?state=ended")

    def test_has_pages(self, visitor: Visitor, make: Factory, line: Line) -> None:
        for _ in range(21):
            line.join(make.user())

        first = visitor.open(path_of(line))
        following = first.partition('rel="next" href="')[2].partition('"')[0]
        second = visitor.open(following.replace("&amp;", "&"))

        assert (first.count("@example.com"), second.count("@example.com")) == (20, 1)
        assert 'rel="next"' not in second

    def test_is_for_its_organization_and_shows_texts_as_text(
        self, visitor: Visitor, make: Factory, line: Line
    ) -> None:
        ada = make.user(name="ada")
        line.services.users.edit(user_id=ada.id, full_name=HOSTILE)
        entry = line.join(ada).entry
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        rival.open(path_of(line), 404)
        rival.post(f"{path_of(line)}/{entry.id}/remove", 404)

        assert "<script>" not in visitor.open(path_of(line))
        assert "<script>" not in visitor.open(f"{path_of(line)}?q={HOSTILE}")
        assert line.states(ada) == [WaitingState.WAITING]


class TestApi:
    def test_filters_by_state_and_words(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        line = Line(make, make.event(organizer=organizer.user, capacity=1))
        ada, bola = named(make, "ada", "bola")
        line.join(ada)
        line.join(bola)
        line.free()
        make.work()
        path = f"/events/{line.event.id}/waiting-list"

        def listed(**query: str) -> list[str]:
            answer = api.get(path, params=query, headers=organizer.headers)
            assert answer.status_code == 200, answer.text
            return [f"{each['email']} {each['state']}" for each in answer.json()]

        assert listed() == ["ada@example.com offered", "bola@example.com waiting"]
        assert listed(state="offered", q="ada") == ["ada@example.com offered"]
        assert listed(q="bola@example") == ["bola@example.com waiting"]
        assert listed(state="lapsed") == listed(state="unconfirmed") == []
        (offer,) = api.get(path, params={"q": "ada"}, headers=organizer.headers).json()
        assert offer["offered_at"] < offer["offer_expires_at"]
