"""What a browser shows where a program gets a problem."""

import re
from dataclasses import fields, replace
from typing import Any

import httpx
import pytest

from app.domain.errors import DatabaseUnavailable
from app.http.services import Services
from tests.api.answers import code_of, problem_of
from tests.api.conftest import OpenApi, Person, one_database
from tests.api.organizers.pages import FORMS, PAGES_OF
from tests.api.organizers.test_page_rights import address_of
from tests.architecture.test_errors_page import refusals
from tests.support.factories import PASSWORD

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
PROGRAMS = ["*/*", "application/json", "application/json, text/html;q=0.5", "image/png", ""]


WITHOUT_DATABASE = {
    "GET /account/forgotten",
    "GET /colours/{name}.css",
    "GET /docs",
    "GET /payments/callback",  # without a reference; with one it is tried below
    "GET /problems/{code}",
    "GET /redoc",
    "GET /scan",
    "GET /scan/app.webmanifest",
    "GET /scan/sw.js",
    "GET /sign-in/link",
}
"""Pages that are the same for everyone and show nothing that is kept."""

FILLED_IN = {
    "csrf": "0" * 64,
    "username": "ada",
    "email": "ada@example.com",
    "password": PASSWORD,
    "new_password": PASSWORD,
    "token": "1.unknown",
    "ticket_id": "1",
    "transfer_id": "1",
}
"""What stands in every form, so that none is refused before the database is asked."""

TRY_AGAIN = re.compile(r'<a class="button" href="[^"]+">Try again</a>')
SEND_AGAIN = re.compile("what you filled in is still there")


class AwayFromItsDatabase:
    """Stands for any service while the database is away."""

    def __getattr__(self, name: str) -> None:
        raise DatabaseUnavailable


class Mistaken:
    def __getattr__(self, name: str) -> None:
        raise RuntimeError(f"inside {name}")


@pytest.fixture
def away(services: Services, open_api: OpenApi) -> httpx.Client:
    """The API while the database is away."""
    gone: Any = AwayFromItsDatabase()
    accounts = ("account_requests", "email_changes")
    names = ("ticket_pages", "settlement", *accounts, "transfers", "events")
    return open_api(replace(services, **dict.fromkeys(names, gone)))


@one_database
class TestWhileTheDatabaseIsAway:
    @pytest.mark.parametrize(
        "path",
        [
            "/t/abcdefghijklmnop",
            "/t/abcdefghijklmnop.pdf",
            "/payments/callback?reference=TCK-1",
            "/account/confirm?token=x",
            "/account/reset?token=x",
            "/transfer?token=x",
            "/events/1",
        ],
    )
    def test_a_browser_shows_a_page_that_looks_again(self, away: httpx.Client, path: str) -> None:
        answer = away.get(path, headers=BROWSER)

        assert answer.status_code == 503
        assert answer.headers["content-type"].startswith("text/html")
        assert int(answer.headers["retry-after"]) >= 1
        assert f'href="{path}"'.replace("&", "&amp;") in answer.text
        assert "Traceback" not in answer.text
        if not path.startswith("/payments"):
            assert int(answer.headers["refresh"]) >= 10

    def test_every_page_says_so_and_shows_a_way_to_try_again(
        self, services: Services, open_api: OpenApi
    ) -> None:
        gone: Any = AwayFromItsDatabase()
        shop = open_api(replace(services, **{each.name: gone for each in fields(services)}))
        headers = {**BROWSER, "Cookie": "__Host-session=unknown"}

        wrong = []
        for name in sorted(PAGES_OF.keys() - WITHOUT_DATABASE):
            method, path = name.split(" ")
            sent = {**FILLED_IN, **FORMS.get(name, {})} if method == "POST" else None
            answer = shop.request(method, address_of(path, 1), data=sent, headers=headers)
            looks_again = "refresh" in answer.headers
            way_on = TRY_AGAIN if method == "GET" else SEND_AGAIN
            if (
                answer.status_code != 503
                or int(answer.headers["retry-after"]) < 1
                or looks_again != (method == "GET")
                or not way_on.search(answer.text)
            ):
                wrong.append(f"{name}: {answer.status_code}")

        assert wrong == []

    @pytest.mark.parametrize("accept", PROGRAMS)
    def test_a_program_gets_a_problem(self, away: httpx.Client, accept: str) -> None:
        answer = away.get("/t/abcdefghijklmnop", headers={"Accept": accept})

        assert code_of(answer) == (503, "database-unavailable")

    def test_a_mistake_of_ours_is_a_page_too(self, services: Services, open_api: OpenApi) -> None:
        shop = open_api(replace(services, ticket_pages=Mistaken()))  # type: ignore[arg-type]  # stands in

        answer = shop.get("/t/abcdefghijklmnop", headers=BROWSER)

        assert answer.status_code == 500
        assert answer.headers["content-type"].startswith("text/html")
        assert "inside" not in answer.text
        assert answer.headers["x-request-id"]


@one_database
class TestUnknownAddresses:
    @pytest.mark.parametrize("path", ["/nowhere", "/events/99", "/t/", "/static/x.js", "/%3Cb%3E"])
    def test_are_pages_with_a_way_on(self, api: httpx.Client, path: str) -> None:
        answer = api.get(path, headers=BROWSER)

        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert 'href="/"' in answer.text
        assert "<b>" not in answer.text
        assert answer.headers["content-security-policy"]

    def test_keep_the_headers_of_the_problem(self, api: httpx.Client, ada: Person) -> None:
        refused = api.post("/events/1", headers=BROWSER)
        unknown = api.get("/users/me", headers=BROWSER)

        assert (refused.status_code, refused.headers["allow"][:3]) == (405, "DEL")
        assert (unknown.status_code, unknown.headers["www-authenticate"]) == (401, "Bearer")


@one_database
class TestProblemKinds:
    def test_can_be_read_where_their_type_leads(self, api: httpx.Client) -> None:
        address = problem_of(api.get("/nowhere"))["type"]

        answer = api.get(address)

        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert "path-not-found" in answer.text
        assert "There is nothing at this address." in answer.text

    def test_are_all_there(self, api: httpx.Client) -> None:
        codes = {refusal.code for refusal in refusals()}
        shown = {code for code in codes if api.get(f"/problems/{code}").status_code == 200}

        assert len(shown) > 60
        advice = re.compile(r'What to do</h2>\s*<p lang="en">\S')
        assert all(advice.search(api.get(f"/problems/{code}").text) for code in shown)

    @pytest.mark.parametrize("code", ["unknown", "x" * 65, "A", "%00"])
    def test_that_do_not_exist_are_refused(self, api: httpx.Client, code: str) -> None:
        assert api.get(f"/problems/{code}").status_code in (404, 422)
