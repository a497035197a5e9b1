"""What was typed into a form survives the end of the session it was typed in."""

import re
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html import unescape

import httpx
import pytest

from app.domain.ids import UserId
from app.domain.states import Role
from app.http.services import Services
from tests.api.conftest import one_database
from tests.steps.browsing import HTML, Visitor
from tests.steps.console import FORM
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock

pytestmark = one_database

NEW = "/manage/events/new"
ADA = UserId(1)
KEPT = re.compile(r'name="kept" value="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
HOSTILE = """"><script>alert(1)</script>{{7*7}}"""


@pytest.fixture
def visitor(api: httpx.Client, make: Factory) -> Visitor:
    """An organizer who filled in a form, whose session has ended since."""
    make.user(name="ada", role=Role.ORGANIZER)
    visitor = Visitor(api)
    visitor.sign_in("ada")
    visitor.open(NEW)
    other = Visitor(api)
    other.sign_in("ada")
    other.post("/account/sessions")
    return visitor


def fields_of(page: str) -> dict[str, str]:
    """What the page's form sends, as a browser reads it."""
    return {name: unescape(text) for name, text in HIDDEN.findall(page)}


def box_in(page: str) -> str:
    found = KEPT.search(page)
    assert found is not None, page
    return found[1]


class TestForm:
    def test_is_sent_after_signing_in_in_its_place(self, visitor: Visitor) -> None:
        page = visitor.post(NEW, 401, **FORM).text
        assert "what you typed is kept" in page

        asked = visitor.post(
            "/sign-in", 200, username="ada", password=PASSWORD, kept=box_in(page)
        ).text
        sent = {name: text for name, text in fields_of(asked).items() if name not in visitor.proof}
        visitor.open("/manage")
        answer = visitor.post(NEW, **sent)

        assert "Send what you typed?" in asked
        assert f'action="{NEW}"' in asked
        assert sent == {name: text.replace("\r\n", "\n") for name, text in FORM.items()}
        assert "Lagos Jazz Night" in visitor.open(answer.headers["location"])

    def test_is_kept_over_a_wrong_password(self, visitor: Visitor) -> None:
        box = box_in(visitor.post(NEW, 401, **FORM).text)

        wrong = visitor.post("/sign-in", 401, username="ada", password="wrong", kept=box).text

        assert box_in(wrong) == box

    def test_of_a_session_before_is_asked_about_where_the_browser_vouches_for_it(
        self, visitor: Visitor
    ) -> None:
        fresh = Visitor(visitor.api)
        fresh.sign_in("ada")
        form = {**FORM, **visitor.proof}
        vouched = {**HTML, "Sec-Fetch-Site": "same-origin", "Cookie": cookie_of(fresh)}

        asked = visitor.api.post(NEW, data=form, headers=vouched)
        refused = visitor.api.post(NEW, data=form, headers={**HTML, "Cookie": cookie_of(fresh)})

        assert asked.status_code == 409
        assert fields_of(asked.text)["title"] == FORM["title"]
        assert fields_of(asked.text)["csrf"] != visitor.csrf
        assert (refused.status_code, "Jazz" in refused.text) == (403, False)
        assert "No events yet." in fresh.open("/manage")

    def test_is_kept_without_a_cookie_where_the_browser_vouches_for_it(
        self, visitor: Visitor
    ) -> None:
        vouched = visitor.api.post(
            NEW,
            data={**FORM, "account": visitor.account},
            headers={**HTML, "Sec-Fetch-Site": "same-origin"},
        )

        assert vouched.status_code == 401
        assert box_in(vouched.text)


class TestFormOfOthers:
    def test_is_not_shown_to_another_account_that_signs_in(
        self, visitor: Visitor, make: Factory
    ) -> None:
        make.user(name="bola", role=Role.ORGANIZER)
        page = visitor.post(NEW, 401, **FORM).text

        answer = visitor.post("/sign-in", username="bola", password=PASSWORD, kept=box_in(page))

        assert answer.headers["location"] == "/manage"

    def test_of_a_page_before_is_not_shown_to_another_account_that_is_signed_in(
        self, visitor: Visitor, make: Factory
    ) -> None:
        make.user(name="bola", role=Role.ORGANIZER)
        bola = Visitor(visitor.api)
        bola.sign_in("bola")

        answer = visitor.api.post(
            NEW,
            data={**FORM, **visitor.proof},
            headers={**HTML, "Sec-Fetch-Site": "same-origin", "Cookie": cookie_of(bola)},
        )

        assert answer.status_code == 403
        assert FORM["title"] not in answer.text

    @pytest.mark.parametrize("proof", ["", "0" * 64])
    def test_is_not_kept(self, visitor: Visitor, proof: str) -> None:
        answer = replace(visitor, csrf=proof).post(NEW, **FORM)

        assert answer.headers["location"] == "/sign-in"

    def test_is_not_kept_without_a_cookie(self, visitor: Visitor) -> None:
        answer = replace(visitor, cookies={}).post(NEW, **FORM)

        assert answer.headers["location"] == "/sign-in"

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_is_refused(self, visitor: Visitor, site: str) -> None:
        answer = visitor.api.post(
            NEW,
            data={**FORM, "csrf": visitor.csrf},
            headers={**HTML, "Sec-Fetch-Site": site, "Cookie": cookie_of(visitor)},
        )

        assert answer.status_code == 403

    def test_about_an_account_is_not_kept(self, visitor: Visitor) -> None:
        answer = visitor.post("/account/sessions/end", session_id="1")

        assert answer.headers["location"] == "/sign-in"


class TestBox:
    @pytest.mark.parametrize("box", ["", "x", "AAAA" * 20, "é", "x" * 40_001])
    def test_that_is_none_of_ours_keeps_nothing(self, visitor: Visitor, box: str) -> None:
        answer = visitor.post("/sign-in", username="ada", password=PASSWORD, kept=box)

        assert answer.headers["location"] == "/manage"

    def test_ends_after_an_hour(self, visitor: Visitor, clock: FakeClock) -> None:
        box = box_in(visitor.post(NEW, 401, **FORM).text)
        clock.advance(timedelta(hours=1))

        answer = visitor.post("/sign-in", username="ada", password=PASSWORD, kept=box)

        assert answer.headers["location"] == "/manage"

    def test_of_another_shop_is_none(self, visitor: Visitor, services: Services) -> None:
        box = box_in(visitor.post(NEW, 401, **FORM).text)
        broken = box[:-6] + ("A" if box[-6] != "A" else "B") + box[-5:]

        assert services.kept_forms.open(box=box, user_id=ADA) is not None
        assert services.kept_forms.open(box=broken, user_id=ADA) is None

    def test_has_no_secrets_and_no_proof(self, visitor: Visitor, services: Services) -> None:
        more = {"current_password": "x1", "Password": "x2", "totp": "123456", "token": "x3"}

        page = visitor.post(NEW, 401, **FORM, **more).text

        kept = services.kept_forms.open(box=box_in(page), user_id=ADA)
        assert kept is not None
        assert (kept.path, set(kept.fields)) == (NEW, set(FORM))

    def test_is_not_made_of_what_is_too_long(self, visitor: Visitor) -> None:
        noise = "".join(sha256(b"%d" % number).hexdigest() for number in range(900))

        page = visitor.post(NEW, 401, **(FORM | {"description": noise})).text

        assert "too long to be kept" in page
        assert 'name="kept"' not in page

    def test_shows_hostile_text_as_text(self, visitor: Visitor) -> None:
        fields = {**dict.fromkeys(FORM, HOSTILE), HOSTILE: HOSTILE}
        page = visitor.post(NEW, 401, **fields).text

        asked = visitor.post(
            "/sign-in", 200, username="ada", password=PASSWORD, kept=box_in(page)
        ).text

        assert "alert(" in asked
        assert "<script" not in asked
        assert "49 " not in asked


def cookie_of(visitor: Visitor) -> str:
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
