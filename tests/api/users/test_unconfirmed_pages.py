"""Pages on which an account whose address is not confirmed lacks something send the mail again."""

import httpx
import pytest

from app.domain.states import Role
from app.http.services import Services
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, words_of
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeMailer

SENDS: str = 'action="/manage/confirmation"'
PAGES = ("/manage/teams", "/account/tickets", "/account/two-step")


@pytest.fixture
def tunde(api: httpx.Client, services: Services) -> Visitor:
    """An account whose address is not confirmed yet."""
    services.users.register(
        email="tunde@example.com", username="tunde", password=PASSWORD, role=Role.ORGANIZER
    )
    visitor = Visitor(api)
    visitor.sign_in("tunde")
    return visitor


@one_database
class TestUnconfirmed:
    @pytest.mark.parametrize("path", PAGES)
    def test_is_told_and_gets_the_mail_again_by_a_button(
        self, tunde: Visitor, make: Factory, mailer: FakeMailer, path: str
    ) -> None:
        page = tunde.open(path)
        make.work()
        before = len(mailer.sent)

        done = tunde.post("/manage/confirmation", 200).text
        make.work()

        assert "tunde@example.com is not confirmed yet" in words_of(page)
        assert SENDS in page
        assert [mail.to for mail in mailer.sent[before:]] == ["tunde@example.com"]
        assert 'class="button" href="/manage"' in done
        assert 'href="/sign-in"' not in done

    def test_who_asks_too_often_is_told_when_it_goes_on(self, tunde: Visitor) -> None:
        tunde.open("/manage/teams")
        for _ in range(20):
            answer = tunde.api.post("/manage/confirmation", data=tunde.proof, headers=tunde.headers)

        assert answer.status_code == 429
        assert "Done" not in words_of(answer.text)

    @pytest.mark.parametrize("path", PAGES)
    def test_others_see_no_such_button(self, api: httpx.Client, make: Factory, path: str) -> None:
        make.user(name="ada")
        visitor = Visitor(api)
        visitor.sign_in("ada")

        assert SENDS not in visitor.open(path)


@one_database
def test_who_ended_all_logins_is_led_to_signing_in(api: httpx.Client, make: Factory) -> None:
    make.user(name="ada")
    visitor = Visitor(api)
    visitor.sign_in("ada")
    visitor.open("/account/password")

    done = visitor.post(
        "/account/password",
        200,
        current_password=PASSWORD,
        new_password="correct horse stapler",
        again="correct horse stapler",
    ).text

    assert 'class="button" href="/sign-in"' in done
    assert "/sign-out" not in done
