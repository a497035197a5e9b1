"""In which language a page comes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

import httpx
import pytest

from app.domain.languages import Language
from app.http.browsers.languages import LONGEST_HEADER, accepted_language
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.conftest import Person, one_database
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.support.factories import Factory

HTML: Final = {"Accept": "text/html"}
FRENCH: Final = {**HTML, "Accept-Language": "fr-CI,fr;q=0.9,en;q=0.5"}
HOSTILE: Final = """<script>alert(1)</script>"' %(x)s %s {0} {{7*7}} & <b>é"""
ESCAPED: Final = "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39; %(x)s %s {0} {{7*7}} &amp;"


def language_of(answer: httpx.Response) -> str:
    """What the page and its header say, which is the same."""
    named = answer.headers["content-language"]
    assert f'<html lang="{named}">' in answer.text
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))
    return str(named)


class TestAcceptLanguage:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("", "en"),
            ("fr", "fr"),
            ("FR", "fr"),
            ("fr-CI", "fr"),
            ("fr-Latn-CI,en;q=0.9", "fr"),
            ("en,fr", "en"),
            ("fr,en", "fr"),
            ("en;q=0.4,fr;q=0.5", "fr"),
            ("en ; q=0.5 , fr ; Q=0.501", "fr"),
            ("de,fr;q=0.2", "fr"),
            ("de,yo;q=0.7", "en"),
            ("fr;q=0", "en"),
            ("fr;q=0,*", "en"),
            ("*", "en"),
            ("fr;q=0.3,*;q=0.9", "en"),
            ("en;q=0.1,*;q=0.9", "fr"),
            ("en;q=0", "en"),
            ("fr;q=2", "en"),
            ("fr;q=1.001", "en"),
            ("fr;q=-1", "en"),
            ("fr;q=nan", "en"),
            ("fr;q=,en", "en"),
            ("fr;q", "en"),
            ("french", "en"),
            ("fr_CI", "en"),
            (",,;;,=,fr", "fr"),
            ("\x00fr", "en"),
            ("é,fr", "fr"),
            ("de," * LONGEST_HEADER + "fr", "en"),
        ],
    )
    def test_is_read_with_its_weights(self, header: str, language: str) -> None:
        assert accepted_language(header, default=Language.ENGLISH) == language

    def test_falls_back_to_the_language_of_the_shop(self) -> None:
        assert accepted_language("de", default=Language.FRENCH) == "fr"
        assert accepted_language("*", default=Language.FRENCH) == "fr"
        assert accepted_language("en;q=0.1", default=Language.FRENCH) == "en"


Shop = Callable[..., httpx.Client]


@pytest.fixture
def shop(services: Services, outside: Adapters) -> Iterator[Shop]:
    """Opens the shop with other parts than the tests' own."""
    clients: list[httpx.Client] = []

    def start(**parts: Any) -> httpx.Client:
        transport = InProcess(app_of(replace(parts_of(services, outside), **parts)))
        clients.append(httpx.Client(transport=transport, base_url="https://shop.test", timeout=30))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


@one_database
class TestPages:
    def test_come_in_the_language_of_the_browser(self, api: httpx.Client) -> None:
        assert language_of(api.get("/")) == "en"

        page = api.get("/", headers=FRENCH)

        assert language_of(page) == "fr"
        assert "À l\u2019affiche" in page.text
        assert "What is on" not in page.text

    def test_come_in_the_language_of_the_shop_else(self, shop: Shop) -> None:
        api = shop(default_language=Language.FRENCH)

        assert language_of(api.get("/", headers={"Accept-Language": "de"})) == "fr"
        assert language_of(api.get("/", headers={"Accept-Language": "en"})) == "en"

    def test_can_be_had_in_another_one(self, api: httpx.Client, make: Factory) -> None:
        event = make.event(title="Nuit du jazz")

        page = api.get(f"/e/{event.id}-nuit-du-jazz?access_code=&lang=fr", headers=HTML)

        assert language_of(page) == "fr"
        assert '<a href="?access_code=&amp;lang=en"' not in page.text  # empty ones are left out
        assert '<a href="?lang=en" lang="en" hreflang="en" rel="nofollow">English</a>' in page.text

    def test_keep_what_was_chosen(self, api: httpx.Client) -> None:
        chosen = api.get("/?lang=fr")
        cookie = chosen.headers["set-cookie"]

        assert cookie.startswith("lang=fr; ")
        _, *flags = cookie.split("; ")
        assert sorted(flags) == ["HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=lax", "Secure"]
        assert language_of(api.get("/")) == "fr"
        assert "set-cookie" not in api.get("/?lang=fr").headers
        assert language_of(api.get("/?lang=en", headers=FRENCH)) == "en"
        assert language_of(api.get("/", headers=FRENCH)) == "en"

    def test_keep_it_without_https_where_there_is_none(self, shop: Shop) -> None:
        api = shop(public_url="http://shop.test")

        assert "Secure" not in api.get("/?lang=fr").headers["set-cookie"]

    @pytest.mark.parametrize(
        "query", ["lang=de", "lang=", "lang", "lang=fr%00", "lang=%FF", "lang[]=fr", "LANG=fr"]
    )
    def test_take_no_other_one(self, api: httpx.Client, query: str) -> None:
        page = api.get(f"/?{query}")

        assert language_of(page) == "en"
        assert "set-cookie" not in page.headers

    @pytest.mark.parametrize("cookie", ["lang=de", "lang=", "lang", 'lang="fr', "a=lang=fr"])
    def test_read_no_other_cookie(self, api: httpx.Client, cookie: str) -> None:
        assert language_of(api.get("/", headers={"Cookie": cookie})) == "en"

    def test_pass_the_choice_on_to_an_event(self, api: httpx.Client, make: Factory) -> None:
        event = make.event(title="Nuit du jazz")

        answer = api.get(f"/e/{event.id}?lang=fr")

        assert answer.headers["location"] == f"/e/{event.id}-nuit-du-jazz?lang=fr"

    def test_repeat_the_rest_of_the_query_escaped(self, api: httpx.Client) -> None:
        page = api.get("/", params={"q": '"><script>alert(1)</script>'})

        assert "<script>alert" not in page.text
        assert 'href="?q=%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E&amp;lang=fr"' in page.text

    def test_are_refusals_too(self, api: httpx.Client) -> None:
        page = api.get("/nowhere", headers=FRENCH)

        assert page.status_code == 404
        assert language_of(page) == "fr"
        assert "Il n\u2019y a rien à cette adresse" in page.text

    def test_leave_out_other_languages_where_a_form_was_sent(
        self, api: httpx.Client, make: Factory
    ) -> None:
        event = make.event()

        page = api.post(f"/e/{event.id}/checkout", headers=FRENCH, data={"name": "Awa"})

        assert page.status_code == 422
        assert language_of(page) == "fr"
        assert "Choisissez au moins un billet." in page.text
        assert "hreflang" not in page.text


@one_database
class TestProblems:
    def test_stay_english(self, api: httpx.Client, ada: Person) -> None:
        answer = api.get("/orders/999", headers={**ada.headers, "Accept-Language": "fr"})

        assert answer.json()["detail"] == "You have no order 999."
        assert "content-language" not in answer.headers


@one_database
class TestHostileTexts:
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_are_escaped_within_translated_words(
        self, api: httpx.Client, make: Factory, language: str
    ) -> None:
        event = make.event(title=HOSTILE, location=HOSTILE)
        for path in (f"/e/{event.id}/poster", f"/e/{event.id}", "/"):
            page = api.get(path, params={"lang": language}, follow_redirects=True)

            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert "<b>" not in page.text
            assert ESCAPED in page.text
