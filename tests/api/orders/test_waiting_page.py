"""Waiting for places as a guest, on pages."""

import httpx
import pytest

from app.domain.listings import EventListing
from app.http.services import Services
from tests.api.conftest import one_database
from tests.api.http.test_pages import open_page
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer
from tests.support.links import mailed_wait

pytestmark = one_database

FORM = {"name": "Ada <Obi>", "email": "ada@example.com", "quantity": "1"}


@pytest.fixture
def full(make: Factory) -> EventListing:
    event = make.event(price="2500", capacity=1)
    make.order(make.user(), event.id)
    return event


def ask(api: httpx.Client, event: EventListing, **other: str) -> httpx.Response:
    form = FORM | {"ticket_type_id": str(event.ticket_types[0].id)} | other
    return api.post(f"/e/{event.id}/waiting-list", data=form)


@pytest.mark.smoke
class TestWaitingList:
    def test_is_joined_by_the_link_in_a_mail_and_left_again(
        self, api: httpx.Client, full: EventListing, make: Factory, mailer: FakeMailer
    ) -> None:
        event_page = api.get(f"/e/{full.id}", follow_redirects=True).text
        assert f'action="/e/{full.id}/waiting-list#tickets"' in event_page
        assert "A mail is on its way to ada@example.com" in ask(api, full).text
        make.work()
        path = f"/w/{mailed_wait(mailer.to('ada@example.com')[-1])}"

        asked = open_page(api, path)
        assert api.post(f"{path}/join").headers["location"] == path
        joined = open_page(api, path)
        api.post(f"{path}/leave")
        left = open_page(api, path)

        assert "Get on the waiting list" in asked
        assert "You are on the waiting list for 1 place" in joined
        assert "not on the waiting list any more" in left

    @pytest.mark.parametrize("wrong", [{"email": "x"}, {"name": ""}, {"quantity": "no"}])
    def test_says_what_is_missing(
        self, api: httpx.Client, full: EventListing, wrong: dict[str, str]
    ) -> None:
        refused = ask(api, full, **wrong)

        assert refused.status_code == 422
        assert "To wait, enter a name" in refused.text

    def test_is_not_joined_while_there_are_places(self, api: httpx.Client, make: Factory) -> None:
        refused = ask(api, make.event())

        assert refused.status_code == 409
        assert "There are places now" in refused.text

    @pytest.mark.parametrize("token", ["1", "1.x", "999.x"])
    def test_is_closed_to_those_without_the_link(
        self, api: httpx.Client, full: EventListing, services: Services, token: str
    ) -> None:
        ask(api, full)

        assert api.get(f"/w/{token}").status_code == 404
        for action in ("join", "leave"):
            assert api.post(f"/w/{token}/{action}").status_code == 404
