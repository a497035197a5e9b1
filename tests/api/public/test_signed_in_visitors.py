"""What public pages offer visitors who are signed in, and what that costs: nothing is asked."""

from typing import Final

import httpx
import pytest

from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.users.accounts import OPERATOR
from tests.api.conftest import one_database
from tests.steps.browsing import HTML, Visitor
from tests.steps.statements import asked
from tests.support.factories import Factory

pytestmark = one_database

COOKIE: Final = "__Host-session"
OFFERED: Final = ("/manage", "/account/tickets", "/account/sessions", "/sign-out")
PAGES: Final = {
    "/": 200,
    "/?q=nothing": 200,
    "/e/1-lagos-jazz-night": 200,
    "/e/999": 404,
    "/t/unknown": 404,
    "/nothing/at/all": 404,
    "/problems/sold-out": 200,
    "/account/forgotten": 200,
}


@pytest.fixture
def ada(make: Factory) -> User:
    make.event()
    return make.user(name="ada")


@pytest.fixture
def visitor(api: httpx.Client, ada: User) -> Visitor:
    visitor = Visitor(api)
    visitor.sign_in(ada.username)
    return visitor


def offers_account(page: str) -> bool:
    """Whether the page leads to the reader's own pages; else it has to lead to signing in."""
    to_sign_in = 'href="/sign-in"' in page
    assert all(f'href="{path}"' in page for path in OFFERED) is not to_sign_in
    return not to_sign_in


class TestPublicPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_lead_who_is_signed_in_to_their_pages_and_others_to_signing_in(
        self, visitor: Visitor, path: str
    ) -> None:
        assert offers_account(visitor.open(path, PAGES[path]))
        assert not offers_account(Visitor(visitor.api).open(path, PAGES[path]))

    @pytest.mark.parametrize("path", ["/", "/e/1-lagos-jazz-night"])
    def test_ask_the_database_no_more_for_it(
        self, visitor: Visitor, database: Database, path: str
    ) -> None:
        visitor.open(path)

        with asked(database) as of_visitor:
            visitor.open(path)
        with asked(database) as of_others:
            Visitor(visitor.api).open(path)

        assert set(of_visitor) == set(of_others)

    @pytest.mark.parametrize("path", ["/", "/e/1-lagos-jazz-night"])
    def test_may_be_kept_as_before_and_hold_no_secret(self, visitor: Visitor, path: str) -> None:
        for headers in (HTML, visitor.headers):
            answer = visitor.api.get(path, headers=headers)

            assert answer.headers["cache-control"] == "no-cache"
            assert "cookie" in answer.headers["vary"].lower()
            assert 'name="csrf"' not in answer.text
            assert visitor.csrf not in answer.text


class TestSignOut:
    def test_is_a_button_behind_the_link(self, visitor: Visitor) -> None:
        page = visitor.open("/sign-out")
        assert 'action="/sign-out"' in page

        answer = visitor.post("/sign-out")

        assert answer.headers["location"] == "/"
        visitor.cookies = {name: value for name, value in visitor.cookies.items() if value}
        assert not offers_account(visitor.open("/"))

    def test_is_done_where_the_session_has_ended(
        self, visitor: Visitor, services: Services, ada: User
    ) -> None:
        services.account_control.log_out(actor=OPERATOR, user_id=ada.id, reason="Lost phone")
        assert offers_account(visitor.open("/"))

        answer = visitor.api.get("/sign-out", headers=visitor.headers)

        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert answer.headers["set-cookie"].startswith(f'{COOKIE}="";')

    def test_is_not_offered_by_the_page_that_asks_to_sign_in(
        self, visitor: Visitor, services: Services, ada: User
    ) -> None:
        services.account_control.log_out(actor=OPERATOR, user_id=ada.id, reason="Lost phone")

        assert not offers_account(visitor.open("/sign-in?next=/manage"))
        assert not offers_account(visitor.open("/sign-up"))
