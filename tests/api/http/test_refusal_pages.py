"""What a browser shows where a program gets a problem."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.domain.errors import DatabaseUnavailable
from app.http.services import Services
from tests.api.answers import code_of, problem_of
from tests.api.conftest import OpenApi, Person, one_database
from tests.architecture.test_errors_page import refusals

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}
PROGRAMS = ["*/*", "application/json", "application/json, text/html;q=0.5", "image/png", ""]


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
