"""Signing in without a password, by a link in a mail."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.domain.errors import LinkInvalid
from app.http.services import Services
from app.services.users.accounts import OPERATOR
from tests.api.conftest import one_database
from tests.steps.browsing import HTML, Visitor, mistake_at, value_of
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.racing import at_once

ASK, OPEN = "/sign-in/link", "/sign-in/link/open"
COOKIE = "__Host-session"
LINK = re.compile(r"https://shop\.test/sign-in/link\?token=(\S+)")
HOSTILE = """"><script>alert(1)</script>{{7*7}}"""


@pytest.fixture
def visitor(api: httpx.Client, make: Factory) -> Visitor:
    """The owner of an account, at a browser that is not signed in."""
    make.user(name="ada")
    return Visitor(api)


def token_to(visitor: Visitor, make: Factory, mailer: FakeMailer) -> str:
    """The secret of the link that was mailed now."""
    visitor.post(ASK, 200, email="ada@example.com")
    make.work()
    found = LINK.search(mailer.sent[-1].text)
    assert found is not None
    return found[1]


class TestLink:
    def test_signs_in_once_by_its_button(
        self, visitor: Visitor, make: Factory, mailer: FakeMailer
    ) -> None:
        token = token_to(visitor, make, mailer)

        for _ in range(3):  # mail scanners open it, too
            page = visitor.open(f"{ASK}?token={token}")
        answer = visitor.post(OPEN, token=token)

        assert "ada@example.com" in page
        assert answer.headers["location"] == "/manage"
        assert "ada" in visitor.open("/account/sessions")
        assert "ended" in visitor.post(OPEN, 404, token=token).text
        visitor.open(f"{ASK}?token={token}", 404)

    def test_starts_a_session_of_its_own(
        self, visitor: Visitor, make: Factory, mailer: FakeMailer
    ) -> None:
        make.user(name="bola")
        visitor.sign_in("bola")
        before = replace(visitor, cookies=dict(visitor.cookies))
        planted = replace(visitor, cookies={COOKIE: "planted"})
        token = token_to(visitor, make, mailer)

        visitor.post(OPEN, token=token)

        assert visitor.cookies[COOKIE] not in {"planted", before.cookies[COOKIE]}
        for each in (before, planted):
            answer = each.api.get("/manage", headers=each.headers)
            assert answer.status_code == 303

    def test_ends_after_a_quarter_of_an_hour(
        self, visitor: Visitor, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        token = token_to(visitor, make, mailer)

        clock.advance(timedelta(minutes=15))

        visitor.post(OPEN, 404, token=token)

    def test_ends_with_a_newer_one_a_new_password_and_the_account(
        self,
        visitor: Visitor,
        make: Factory,
        mailer: FakeMailer,
        services: Services,
    ) -> None:
        ada = services.account_control.find(actor=OPERATOR, name="ada")
        first = token_to(visitor, make, mailer)
        second = token_to(visitor, make, mailer)
        visitor.post(OPEN, 404, token=first)

        services.users.change_password(user_id=ada.id, current=PASSWORD, new="another long one")
        visitor.post(OPEN, 404, token=second)
        third = token_to(visitor, make, mailer)
        services.account_control.set_disabled(actor=OPERATOR, user_id=ada.id, disabled=True)

        visitor.post(OPEN, 404, token=third)

    def test_is_used_by_one_of_many_at_once(
        self, visitor: Visitor, make: Factory, mailer: FakeMailer, services: Services
    ) -> None:
        token = token_to(visitor, make, mailer)

        def use() -> bool:
            try:
                services.sign_in_links.sign_in(token=token)
            except LinkInvalid:
                return False
            return True

        assert sum(at_once([use] * 4)) == 1

    @pytest.mark.parametrize(
        "token", ["", "1", "1.AAAA", "x" * 300, "1.é", "99999.AAAAAAAAAAAAAAA"]
    )
    @one_database
    def test_that_is_not_ours_signs_nobody_in(self, visitor: Visitor, token: str) -> None:
        answer = visitor.post(OPEN, 404, token=token)

        assert "set-cookie" not in answer.headers

    @one_database
    def test_for_something_else_signs_nobody_in(
        self, visitor: Visitor, make: Factory, mailer: FakeMailer
    ) -> None:
        visitor.post("/account/forgotten", 200, email="ada@example.com")
        make.work()
        reset = mailer.sent[-1].text.split("/account/reset?token=")[1].split()[0]
        token = token_to(visitor, make, mailer)

        visitor.post(OPEN, 404, token=reset)
        assert visitor.api.get(f"/account/reset?token={token}", headers=HTML).status_code == 404

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    @one_database
    def test_sent_by_a_page_of_another_site_signs_nobody_in(
        self, visitor: Visitor, make: Factory, mailer: FakeMailer, site: str
    ) -> None:
        token = token_to(visitor, make, mailer)

        answer = visitor.api.post(
            OPEN, data={"token": token}, headers={**HTML, "Sec-Fetch-Site": site}
        )

        assert answer.status_code == 403
        visitor.post(OPEN, token=token)


class TestAsking:
    def test_tells_nobody_whether_there_is_an_account(
        self,
        visitor: Visitor,
        make: Factory,
        mailer: FakeMailer,
        services: Services,
    ) -> None:
        services.users.register(email="tunde@example.com", username="tunde", password=PASSWORD)
        gone = make.user(name="gone")
        services.account_control.set_disabled(actor=OPERATOR, user_id=gone.id, disabled=True)
        make.work()
        mailer.sent.clear()

        pages = {
            visitor.post(ASK, 200, email=f"{name}@example.com").text
            for name in ("ada", "nobody", "tunde", "gone")
        }
        make.work()

        assert len(pages) == 1
        assert [mail.to for mail in mailer.sent] == ["ada@example.com"]

    def test_is_limited_for_one_address_whether_an_account_has_it(self, visitor: Visitor) -> None:
        for name in ("ada", "nobody"):
            for _ in range(5):
                visitor.post(ASK, 200, email=f"{name}@example.com")

            page = visitor.post(ASK, 429, email=f"{name}@example.com").text

            assert "asked for too often" in page
            assert value_of(page, "email") == f"{name}@example.com"

    @one_database
    def test_takes_an_address(self, visitor: Visitor) -> None:
        page = visitor.post(ASK, 422, email=HOSTILE).text

        assert mistake_at(page, "email")
        assert value_of(page, "email") == HOSTILE
        assert "<script" not in page

    @one_database
    def test_is_offered_where_people_sign_in(self, visitor: Visitor) -> None:
        assert f'href="{ASK}"' in visitor.open("/sign-in")
        assert 'name="email"' in visitor.open(ASK)
