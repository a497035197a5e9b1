"""Two-step sign-in with a browser and with programs."""

import base64
import re
from datetime import timedelta

import httpx
import pytest

from app.domain.states import Role
from app.domain.users.totp import STEP
from app.http.services import Services
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of
from tests.steps.console import FORM
from tests.steps.two_step import App, switched_on
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer

HERE = "/account/two-step"
STEP_FIELD = re.compile(r'name="step" value="([^"]+)"')


@pytest.fixture
def visitor(api: httpx.Client, make: Factory) -> Visitor:
    make.user(name="ada", role=Role.ORGANIZER)
    visitor = Visitor(api)
    visitor.sign_in("ada")
    visitor.open(HERE)
    return visitor


@pytest.fixture
def app_of_ada(visitor: Visitor, services: Services, clock: FakeClock) -> App:
    """Ada's authenticator app; she signs in in two steps. All her sessions have ended."""
    ada = services.users.find(email="ada@example.com", username="ada")
    assert ada is not None
    phone, _ = switched_on(services, clock, ada)
    visitor.cookies.clear()
    clock.advance(STEP)
    return phone


def first_step(visitor: Visitor, **fields: str) -> str:
    """The proof of the first step, which the page of the second carries."""
    page = visitor.post("/sign-in", 200, username="ada", password=PASSWORD, **fields).text
    found = STEP_FIELD.search(page)
    assert found is not None, page
    return found[1]


class TestSettingUp:
    def test_shows_a_secret_and_ten_codes_once(
        self, visitor: Visitor, clock: FakeClock, make: Factory, mailer: FakeMailer
    ) -> None:
        page = visitor.post(f"{HERE}/begin", 200, current_password=PASSWORD).text
        secret = re.findall(r'<p class="code">([A-Z2-7 ]+)</p>', page)[0]
        phone = App.reading(secret, clock)
        assert 'src="data:image/svg+xml;base64,' in page

        wrong = visitor.post(f"{HERE}/confirm", 401, totp="000000").text
        assert "wrong" in mistake_at(wrong, "totp")
        assert secret in wrong
        done = visitor.post(f"{HERE}/confirm", 200, totp=phone.code()).text

        codes = re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", done)
        file = re.findall(r'href="data:text/plain;base64,([^"]+)"', done)[0]
        assert len(set(codes)) == 10
        assert base64.b64decode(file).decode().split() == codes
        page = visitor.open(HERE)
        assert "10 recovery codes are left." in page
        assert codes[0] not in page
        make.work()
        assert mailer.sent[-1].subject == "You sign in in two steps now"

    @one_database
    def test_says_that_it_is_on_to_a_button_pressed_twice(
        self, visitor: Visitor, clock: FakeClock
    ) -> None:
        page = visitor.post(f"{HERE}/begin", 200, current_password=PASSWORD).text
        code = App.reading(re.findall(r'<p class="code">([A-Z2-7 ]+)</p>', page)[0], clock).code()
        visitor.post(f"{HERE}/confirm", 200, totp=code)

        again = visitor.post(f"{HERE}/confirm", 409, totp=code).text

        assert "It is on already." in again
        assert "took too long" not in again

    @one_database
    def test_takes_the_password(self, visitor: Visitor) -> None:
        page = visitor.post(f"{HERE}/begin", 403, current_password="wrong").text

        assert mistake_at(page, "current_password")
        visitor.post(f"{HERE}/confirm", 409, totp="000000")

    @one_database
    def test_takes_a_confirmed_address(self, visitor: Visitor, services: Services) -> None:
        services.users.register(email="tunde@example.com", username="tunde", password=PASSWORD)
        tunde = Visitor(visitor.api)
        tunde.sign_in("tunde")

        page = tunde.post(f"{HERE}/begin", 403, current_password=PASSWORD).text

        assert "Confirm your e-mail address first" in page

    @pytest.mark.parametrize("path", ["/begin", "/confirm", "/off"])
    @one_database
    def test_without_the_session_s_proof_does_nothing(self, visitor: Visitor, path: str) -> None:
        visitor.csrf = "0" * 64

        visitor.post(HERE + path, 403, current_password=PASSWORD, totp="000000")

    def test_is_switched_off_with_password_and_code(
        self, visitor: Visitor, app_of_ada: App
    ) -> None:
        visitor.post("/sign-in/code", step=first_step(visitor), totp=app_of_ada.code())
        visitor.open(HERE)
        code = app_of_ada.next_code()
        wrong = visitor.post(f"{HERE}/off", 401, current_password=PASSWORD, totp="000000").text
        assert mistake_at(wrong, "totp")

        visitor.post(f"{HERE}/off", current_password=PASSWORD, totp=code)

        assert "Set it up" in visitor.open(HERE)
        visitor.post("/sign-in", username="ada", password=PASSWORD)


class TestSignIn:
    def test_asks_for_a_code_after_the_password(self, visitor: Visitor, app_of_ada: App) -> None:
        answer = visitor.post("/sign-in", 200, username="ada", password=PASSWORD, next="/e/1-x")
        assert "set-cookie" not in answer.headers
        step = first_step(visitor, next="/e/1-x")

        wrong = visitor.post("/sign-in/code", 401, step=step, totp="000000", next="/e/1-x")
        assert "wrong" in mistake_at(wrong.text, "totp")
        assert "set-cookie" not in wrong.headers
        done = visitor.post("/sign-in/code", step=step, totp=app_of_ada.code(), next="/e/1-x")

        assert done.headers["location"] == "/e/1-x"
        assert "ada" in visitor.open("/account/sessions")
        visitor.post("/sign-in/code", 401, step=step, totp=app_of_ada.code())

    def test_by_a_link_asks_for_a_code_too(
        self, visitor: Visitor, app_of_ada: App, make: Factory, mailer: FakeMailer
    ) -> None:
        visitor.post("/sign-in/link", 200, email="ada@example.com")
        make.work()
        token = mailer.sent[-1].text.split("/sign-in/link?token=")[1].split()[0]

        asked = visitor.post("/sign-in/link/open", 200, token=token)
        assert "set-cookie" not in asked.headers
        step = STEP_FIELD.search(asked.text)
        assert step is not None
        visitor.post("/sign-in/link/open", 404, token=token)

        visitor.post("/sign-in/code", step=step[1], totp=app_of_ada.code())
        assert "ada" in visitor.open("/account/sessions")

    @one_database
    def test_ends_after_ten_minutes_and_with_another_password(
        self, visitor: Visitor, app_of_ada: App, services: Services, clock: FakeClock
    ) -> None:
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        old = first_step(visitor)
        clock.advance(timedelta(minutes=10))
        page = visitor.post("/sign-in/code", 401, step=old, totp=app_of_ada.code()).text
        assert "took too long" in page
        assert 'name="password"' in page

        step = first_step(visitor)
        services.users.change_password(user_id=ada.id, current=PASSWORD, new="another long one")
        answer = visitor.post("/sign-in/code", 401, step=step, totp=app_of_ada.code())

        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize("step", ["", "x", "AAAA" * 40, "\u00e9"])
    @one_database
    def test_takes_no_proof_of_others(self, visitor: Visitor, app_of_ada: App, step: str) -> None:
        answer = visitor.post("/sign-in/code", 401, step=step, totp=app_of_ada.code())

        assert "set-cookie" not in answer.headers

    @one_database
    def test_takes_no_other_box_of_the_shop_for_a_proof(
        self, visitor: Visitor, app_of_ada: App, services: Services
    ) -> None:
        box = services.kept_forms.keep(path="/manage/events/new", fields={"user": "1"}, account="1")
        assert box is not None

        visitor.post("/sign-in/code", 401, step=box, totp=app_of_ada.code())

    @one_database
    def test_keeps_a_form_over_both_steps(
        self, visitor: Visitor, app_of_ada: App, services: Services
    ) -> None:
        box = services.kept_forms.keep(path="/manage/events/new", fields=FORM, account="1")
        assert box is not None
        page = visitor.post("/sign-in", 200, username="ada", password=PASSWORD, kept=box).text
        step = STEP_FIELD.search(page)
        assert step is not None
        assert box in page

        asked = visitor.post(
            "/sign-in/code", 200, step=step[1], totp=app_of_ada.code(), kept=box
        ).text

        assert "Send what you typed?" in asked


class TestToken:
    def test_asks_programs_for_a_code(self, visitor: Visitor, app_of_ada: App) -> None:
        form = {"username": "ada", "password": PASSWORD}

        asked = visitor.api.post("/token", data=form)
        wrong = visitor.api.post("/token", data={**form, "totp": "000000"})
        right = visitor.api.post("/token", data={**form, "totp": app_of_ada.code()})
        again = visitor.api.post("/token", data={**form, "totp": app_of_ada.code()})

        assert (asked.status_code, asked.json()["code"]) == (401, "totp-required")
        assert set(asked.json()) >= {"code", "detail", "field"}
        assert "step" not in asked.json()
        assert "www-authenticate" in asked.headers
        assert (wrong.status_code, wrong.json()["code"]) == (401, "totp-wrong")
        assert right.json()["access_token"]
        assert again.status_code == 401

    def test_does_not_tell_who_does_not_know_the_password(
        self, visitor: Visitor, app_of_ada: App
    ) -> None:
        form = {"username": "ada", "password": "wrong", "totp": app_of_ada.code()}

        answer = visitor.api.post("/token", data=form)

        assert (answer.status_code, answer.json()["code"]) == (401, "wrong-credentials")

    @one_database
    def test_is_given_to_others_as_before(self, visitor: Visitor, make: Factory) -> None:
        make.user(name="bola")
        for more in ({}, {"totp": ""}, {"totp": "123456"}):
            form = {"username": "bola", "password": PASSWORD, **more}
            assert visitor.api.post("/token", data=form).status_code == 200

    @one_database
    def test_is_renewed_without_a_code(self, visitor: Visitor, app_of_ada: App) -> None:
        form = {"username": "ada", "password": PASSWORD, "totp": app_of_ada.code()}
        pair = visitor.api.post("/token", data=form).json()

        renewed = visitor.api.post("/token/refresh", json={"refresh_token": pair["refresh_token"]})

        assert renewed.status_code == 200


def test_value_of_codes_is_never_shown_again(visitor: Visitor, app_of_ada: App) -> None:
    step = first_step(visitor)

    page = visitor.post("/sign-in/code", 401, step=step, totp="abcd-efgh").text

    assert value_of(page, "totp") == ""
