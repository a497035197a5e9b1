"""Passwords and addresses by mail: over HTTP, and on the pages where the links lead."""

import re

import httpx
import pytest

from app.http.services import Services
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import OpenApi, Person, one_database
from tests.conftest import LogIn
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeMailer

pytestmark = one_database

NEW = "another horse battery"
LINK = re.compile(r"https://shop\.test(/account/\w+\?token=[\w.-]+)")


@pytest.fixture
def reset_link(api: httpx.Client, make: Factory, ada: Person, mailer: FakeMailer) -> str:
    """The address in a mail that Ada has asked for."""
    answer = api.post("/users/password-resets", json={"email": ada.user.email})
    assert answer.status_code == 202
    make.work()
    (link,) = LINK.findall(mailer.sent[-1].text)
    return str(link)


@pytest.fixture
def confirm_link(log_in: LogIn, make: Factory, mailer: FakeMailer) -> str:
    """The address in the mail that comes after registering."""
    log_in("zoe")
    make.work()
    (link,) = LINK.findall(mailer.sent[-1].text)
    return str(link)


def token_of(link: str) -> str:
    return link.partition("=")[2]


def works(api: httpx.Client, password: str) -> bool:
    return api.post("/token", data={"username": "ada", "password": password}).status_code == 200


class TestPasswordReset:
    def test_is_answered_the_same_for_everybody(self, api: httpx.Client, ada: Person) -> None:
        emails = (ada.user.email, "nobody@example.com")

        known, unknown = (api.post("/users/password-resets", json={"email": e}) for e in emails)

        assert known.status_code == unknown.status_code == 202
        assert known.content == unknown.content

    def test_sets_a_new_password(self, api: httpx.Client, ada: Person, reset_link: str) -> None:
        body = {"token": token_of(reset_link), "new_password": NEW}

        first = api.post("/users/password-resets/confirm", json=body)
        second = api.post("/users/password-resets/confirm", json=body)

        assert first.status_code == 204
        assert code_of(second) == (404, "link-invalid")
        assert works(api, NEW)
        assert code_of(api.get("/users/me", headers=ada.headers)) == (401, "not-logged-in")

    def test_says_when_to_ask_again(self, api: httpx.Client) -> None:
        answers = [
            api.post("/users/password-resets", json={"email": "nobody@example.com"})
            for _ in range(6)
        ]

        assert code_of(answers[-1]) == (429, "too-many-mails")
        assert answers[-1].headers["retry-after"] == "3600"

    @pytest.mark.parametrize("token", ["x", "1.x", "9" * 64, "1.é", "1." + "A" * 27, "-1.x", "."])
    def test_refuses_made_up_links(self, api: httpx.Client, token: str) -> None:
        answer = api.post(
            "/users/password-resets/confirm", json={"token": token, "new_password": NEW}
        )

        assert code_of(answer) == (404, "link-invalid")

    def test_refuses_a_password_too_short_or_too_common(
        self, open_api: OpenApi, production: Services, reset_link: str
    ) -> None:
        strict = open_api(production)
        token = token_of(reset_link)

        short, common = (
            strict.post(
                "/users/password-resets/confirm", json={"token": token, "new_password": password}
            )
            for password in ("short", "password123")
        )

        assert pointers_of(short) == pointers_of(common) == ["/new_password"]
        assert code_of(common) == (422, "password-too-common")


class TestEmailConfirmation:
    def test_is_told_in_the_profile(
        self, api: httpx.Client, log_in: LogIn, confirm_link: str
    ) -> None:
        headers = log_in("zoe")
        before = api.get("/users/me", headers=headers).json()["email_confirmed"]

        answer = api.post(
            "/users/email-confirmations/confirm", json={"token": token_of(confirm_link)}
        )

        assert answer.status_code == 204
        after = api.get("/users/me", headers=headers).json()["email_confirmed"]
        assert (before, after) == (False, True)

    def test_is_sent_again(self, api: httpx.Client, log_in: LogIn, ada: Person) -> None:
        zoe = log_in("zoe")

        answers = [api.post("/users/me/email-confirmation", headers=zoe) for _ in range(6)]
        done = api.post("/users/me/email-confirmation", headers=ada.headers)

        assert [answer.status_code for answer in answers] == [202] * 5 + [429]
        assert code_of(done) == (409, "email-confirmed-already")


class TestConfirmPage:
    def test_changes_nothing_until_its_button_is_pressed(
        self, api: httpx.Client, log_in: LogIn, confirm_link: str
    ) -> None:
        headers = log_in("zoe")
        for _ in range(3):
            page = api.get(confirm_link)
        assert page.status_code == 200
        assert not api.get("/users/me", headers=headers).json()["email_confirmed"]

        pressed = api.post("/account/confirm", data=fields_of(page))

        assert pressed.status_code == 200
        assert "is confirmed" in pressed.text
        assert api.get("/users/me", headers=headers).json()["email_confirmed"]

    def test_names_the_account_and_lets_its_reader_say_no(
        self, api: httpx.Client, confirm_link: str
    ) -> None:
        page = api.get(confirm_link)
        assert "zoe" in page.text
        assert "zoe@example.com" in page.text
        assert "This was not me" in page.text

        done = api.post("/account/decline", data={"token": token_of(confirm_link)})

        assert done.status_code == 200
        answer = api.post("/token", data={"username": "zoe", "password": "password123"})
        assert code_of(answer) == (401, "wrong-credentials")

    def test_runs_no_script_and_sends_its_form_here_only(
        self, api: httpx.Client, confirm_link: str
    ) -> None:
        page = api.get(confirm_link)

        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert "script" not in policy + page.text
        assert "form-action 'none'" in api.get("/t/nothing").headers["content-security-policy"]

    @pytest.mark.parametrize("path", ["/account/confirm", "/account/reset", "/account/undo"])
    @pytest.mark.parametrize("token", ["", "x", '1."><b>', "9" * 500])
    def test_says_that_a_link_is_not_ours(self, api: httpx.Client, path: str, token: str) -> None:
        opened = api.get(path, params={"token": token})
        sent = api.post(path, data={"token": token, "new_password": NEW})

        for answer in (opened, sent):
            assert answer.status_code == 404
            assert answer.headers["content-type"].startswith("text/html")
            assert "has ended" in answer.text
            assert "<b>" not in answer.text

    def test_says_that_a_link_was_used(self, api: httpx.Client, confirm_link: str) -> None:
        api.post("/account/confirm", data={"token": token_of(confirm_link)})

        assert api.get(confirm_link).status_code == 404


class TestChangeOfAddress:
    def test_is_taken_back_on_the_page_of_the_old_address(
        self, api: httpx.Client, ada: Person, make: Factory, mailer: FakeMailer
    ) -> None:
        body = {"email": "ada@new.example.com", "current_password": PASSWORD}
        asked = api.patch("/users/me", json=body, headers=ada.headers)
        assert (asked.status_code, asked.json()["email"]) == (200, "ada@example.com")
        make.work()
        (link,) = LINK.findall(mailer.to("ada@example.com")[-1].text)

        page = api.get(link)
        done = api.post("/account/undo", data=fields_of(page))

        assert "ada@example.com" in page.text
        assert done.status_code == 200
        assert not works(api, PASSWORD)

    def test_needs_the_current_password(self, api: httpx.Client, ada: Person) -> None:
        body = {"email": "ada@new.example.com"}

        missing = api.patch("/users/me", json=body, headers=ada.headers)
        wrong = api.patch(
            "/users/me", json=body | {"current_password": "a guess"}, headers=ada.headers
        )

        assert pointers_of(missing) == ["/current_password"]
        assert code_of(wrong) == (403, "wrong-password")


class TestResetPage:
    def test_sets_the_password(self, api: httpx.Client, reset_link: str) -> None:
        page = api.get(reset_link)

        done = api.post("/account/reset", data=fields_of(page) | {"new_password": NEW})

        assert done.status_code == 200
        assert "new password is set" in done.text
        assert works(api, NEW)
        assert api.get(reset_link).status_code == 404

    @pytest.mark.parametrize("password", ["short", "x" * 129, "", "with\0nul-inside"])
    def test_says_in_words_what_is_wrong_and_asks_again(
        self, api: httpx.Client, reset_link: str, password: str
    ) -> None:
        page = api.get(reset_link)

        again = api.post("/account/reset", data=fields_of(page) | {"new_password": password})

        assert again.status_code == 422
        assert "8 to 128 characters" in again.text
        assert fields_of(again) == fields_of(page)
        assert works(api, PASSWORD)

    def test_refuses_common_passwords_in_production(
        self, open_api: OpenApi, production: Services, reset_link: str
    ) -> None:
        strict = open_api(production)

        answer = strict.post(
            "/account/reset",
            data={"token": token_of(reset_link), "new_password": "password123"},
        )

        assert answer.status_code == 422
        assert "one of the most common" in answer.text


def fields_of(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of the page's form."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
