"""Signing in with a browser: the cookie, the proof in forms, and what ends a session."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.http.services import Services
from app.services.users.accounts import OPERATOR
from app.wiring.adapters import Adapters
from tests.api.conftest import one_database
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.steps.browsing import HTML, Visitor, mistake_at, value_of
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer

pytestmark = one_database

SESSIONS = "/account/sessions"
HOME = "/manage"
COOKIE = "__Host-session"
HOSTILE = """"><script>alert(1)</script>'{{7*7}}"""


@pytest.fixture
def visitor(api: httpx.Client, make: Factory) -> Visitor:
    """A person with an account, at a browser that is not signed in."""
    make.user(name="ada")
    return Visitor(api)


def is_signed_in(visitor: Visitor) -> bool:
    visitor.api.cookies.clear()
    answer = visitor.api.get(
        HOME, headers={**HTML, "Cookie": f"{COOKIE}={visitor.cookies[COOKIE]}"}
    )
    assert answer.status_code in (200, 303)
    return answer.status_code == 200


class TestSignIn:
    def test_sets_a_cookie_for_this_host_alone(self, visitor: Visitor) -> None:
        answer = visitor.post("/sign-in", username="ADA@example.com", password=PASSWORD)

        name, *flags = answer.headers["set-cookie"].split("; ")
        assert name.startswith(f"{COOKIE}=")
        assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=lax", "Secure"]
        assert answer.headers["location"] == HOME
        assert answer.headers["cache-control"] == "no-store"
        assert is_signed_in(visitor)

    def test_sets_a_plain_cookie_without_https(
        self, services: Services, outside: Adapters, make: Factory
    ) -> None:
        make.user(name="ada")
        parts = replace(parts_of(services, outside), public_url="http://127.0.0.1:8000")
        with httpx.Client(transport=InProcess(app_of(parts)), base_url="http://shop.test") as http:
            answer = Visitor(http).post("/sign-in", username="ada", password=PASSWORD)

        name, *flags = answer.headers["set-cookie"].split("; ")
        assert name.startswith("session=")
        assert sorted(flags) == ["HttpOnly", "Path=/", "SameSite=lax"]

    def test_ends_the_session_the_browser_had(self, visitor: Visitor) -> None:
        visitor.sign_in("ada")
        before = replace(visitor, cookies=dict(visitor.cookies))

        visitor.sign_in("ada")

        assert visitor.cookies != before.cookies
        assert is_signed_in(visitor)
        assert not is_signed_in(before)

    def test_keeps_no_value_that_was_planted(self, visitor: Visitor) -> None:
        visitor.cookies[COOKIE] = "planted"

        visitor.sign_in("ada")

        assert visitor.cookies[COOKIE] != "planted"
        assert not is_signed_in(replace(visitor, cookies={COOKIE: "planted"}))

    def test_says_what_was_wrong_and_keeps_the_name_alone(self, visitor: Visitor) -> None:
        wrong = visitor.post("/sign-in", 401, username="ada", password="wrong pass").text
        empty = visitor.post("/sign-in", 422, username=HOSTILE).text

        assert "The user name, e-mail address or password is wrong." in wrong
        assert value_of(wrong, "username") == "ada"
        assert "wrong pass" not in wrong
        assert mistake_at(empty, "password") == "This field is needed."
        assert value_of(empty, "username") == HOSTILE
        assert "<script" not in empty

    def test_counts_attempts_as_the_api_does(self, visitor: Visitor) -> None:
        for _ in range(10):
            visitor.post("/sign-in", 401, username="ada", password="wrong")

        visitor.post("/sign-in", 429, username="ada", password=PASSWORD)
        form = {"username": "ada", "password": PASSWORD}
        assert visitor.api.post("/token", data=form).status_code == 429

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_refuses_a_form_of_another_site(self, visitor: Visitor, site: str) -> None:
        answer = visitor.api.post(
            "/sign-in",
            data={"username": "ada", "password": PASSWORD},
            headers={**HTML, "Sec-Fetch-Site": site},
        )

        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize(
        ("wanted", "location"),
        [
            ("/e/1-lagos-jazz", "/e/1-lagos-jazz"),
            ("/", "/"),
            ("", HOME),
            ("https://evil.test", HOME),
            ("//evil.test", HOME),
            ("/\\evil.test", HOME),
            ("\\\\evil.test", HOME),
            ("/\t/evil.test", HOME),
            ("/\n/evil.test", HOME),
            ("\x00/evil", HOME),
            ("javascript:alert(1)", HOME),
            ("evil.test", HOME),
            ("/@evil.test:80", HOME),
            ("/a\r\nSet-Cookie: x=y", HOME),
            ("/" + "a" * 300, HOME),
        ],
    )
    def test_goes_on_to_paths_of_this_shop_only(
        self, visitor: Visitor, wanted: str, location: str
    ) -> None:
        answer = visitor.post("/sign-in", username="ada", password=PASSWORD, next=wanted)
        assert answer.headers["location"] == location

        again = visitor.api.get(
            "/sign-in",
            params={"next": wanted},
            headers={"Cookie": f"{COOKIE}={visitor.cookies[COOKIE]}"},
        )
        assert (again.status_code, again.headers["location"]) == (303, location)


class TestSignUp:
    def test_opens_an_account_and_signs_it_in(self, api: httpx.Client, services: Services) -> None:
        visitor = Visitor(api)

        visitor.post("/sign-up", username="bola", email="bola@example.com", password=PASSWORD)

        assert "bola" in visitor.open(SESSIONS)
        assert services.users.find(email="bola@example.com", username="bola") is not None

    def test_says_beside_each_field_what_was_wrong(self, visitor: Visitor) -> None:
        bad = visitor.post("/sign-up", 422, username="a b", email="nowhere", password="short")
        taken = visitor.post(
            "/sign-up", 409, username="ada", email="new@example.com", password=PASSWORD
        )

        assert "e-mail address" in mistake_at(bad.text, "email")
        assert mistake_at(bad.text, "username")
        assert mistake_at(bad.text, "password")
        assert value_of(bad.text, "email") == "nowhere"
        assert "short" not in bad.text.replace("string_too_short", "")
        assert mistake_at(taken.text, "username") == "This user name is taken; choose another."
        assert value_of(taken.text, "email") == "new@example.com"
        assert PASSWORD not in taken.text


class TestForgottenPassword:
    def test_is_mailed_a_link_and_tells_nobody_whether_there_is_an_account(
        self, visitor: Visitor, mailer: FakeMailer, make: Factory
    ) -> None:
        pages = {
            visitor.post("/account/forgotten", 200, email=f"{name}@example.com").text
            for name in ("ada", "nobody")
        }
        make.work()

        assert len(pages) == 1
        assert [mail.to for mail in mailer.sent] == ["ada@example.com"]
        assert "/account/reset?token=" in mailer.sent[0].text

    def test_takes_an_address(self, visitor: Visitor) -> None:
        page = visitor.post("/account/forgotten", 422, email=HOSTILE).text

        assert mistake_at(page, "email")
        assert value_of(page, "email") == HOSTILE


class TestSession:
    def test_is_ended_by_signing_out(self, visitor: Visitor) -> None:
        visitor.sign_in("ada")
        kept = replace(visitor, cookies=dict(visitor.cookies))

        answer = visitor.post("/sign-out")

        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert not is_signed_in(kept)

    def test_ends_when_the_account_is_disabled(self, visitor: Visitor, services: Services) -> None:
        visitor.sign_in("ada")
        ada = services.account_control.find(actor=OPERATOR, name="ada")

        services.account_control.set_disabled(actor=OPERATOR, user_id=ada.id, disabled=True)

        assert not is_signed_in(visitor)
        answer = visitor.post("/sign-in", 403, username="ada", password=PASSWORD)
        assert "This account was disabled." in answer.text

    def test_ends_with_a_new_password_and_with_time(
        self, visitor: Visitor, services: Services, clock: FakeClock
    ) -> None:
        ada = services.account_control.find(actor=OPERATOR, name="ada")
        visitor.sign_in("ada")
        services.users.change_password(
            user_id=ada.id, current=PASSWORD, new="another long password"
        )
        assert not is_signed_in(visitor)

        visitor.sign_in("ada", "another long password")
        clock.advance(timedelta(days=30))

        assert not is_signed_in(visitor)

    def test_leads_back_after_signing_in_again(self, visitor: Visitor) -> None:
        answer = visitor.api.get(SESSIONS, headers=HTML)

        assert answer.status_code == 303
        assert answer.headers["location"] == f"/sign-in?next={SESSIONS}"

    def test_is_unknown_to_the_api(self, visitor: Visitor) -> None:
        visitor.sign_in("ada")

        answer = visitor.api.get(
            "/users/me", headers={"Cookie": f"{COOKIE}={visitor.cookies[COOKIE]}"}
        )

        assert answer.status_code == 401

    def test_is_listed_and_logs_out_everywhere_else(self, visitor: Visitor) -> None:
        other, third = Visitor(visitor.api), Visitor(visitor.api)
        for each in (other, third, visitor):
            each.sign_in("ada")
        page = visitor.open(SESSIONS)
        assert page.count("This one") == 1
        ids = [part.split('"')[0] for part in page.split('name="session_id" value="')[1:]]

        visitor.post("/account/sessions/end", session_id=ids[0])
        assert [is_signed_in(each) for each in (other, third, visitor)] == [True, False, True]
        visitor.post("/account/sessions")

        assert [is_signed_in(each) for each in (other, third, visitor)] == [False, False, True]


class TestForm:
    @pytest.mark.parametrize("path", ["/sign-out", "/account/sessions", "/account/sessions/end"])
    @pytest.mark.parametrize("proof", ["none", "wrong", "of another session"])
    def test_without_the_proof_of_its_session_does_nothing(
        self, visitor: Visitor, path: str, proof: str
    ) -> None:
        other = Visitor(visitor.api)
        other.sign_in("ada")
        visitor.sign_in("ada")
        visitor.csrf = {"none": "", "wrong": "0" * 64, "of another session": other.csrf}[proof]

        answer = visitor.post(path, 403, session_id="1")

        assert answer.headers["content-type"].startswith("text/html")
        assert "Open the page again" in answer.text
        assert is_signed_in(other)
        assert is_signed_in(visitor)

    def test_of_nobody_leads_to_signing_in(self, visitor: Visitor) -> None:
        assert visitor.post("/sign-out").headers["location"] == "/sign-in"
