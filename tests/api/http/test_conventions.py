"""What holds for every answer."""

import json
import re
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from app.config import Settings
from app.domain.errors import TicketNotFound
from app.http.services import Services
from app.http.uploads import MULTIPART
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.api.answers import code_of, problem_of
from tests.api.conftest import OpenApi, Person, one_database
from tests.api.described_operations import operations_of
from tests.conftest import LogIn
from tests.support.factories import Factory

pytestmark = one_database

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


class LeakyQr:
    """A painter with a mistake, whose message is not for callers."""

    def png(self, text: str, **_: object) -> bytes:
        raise RuntimeError(f"cannot paint the secret {text}")

    def svg(self, text: str, **_: object) -> bytes:
        return self.png(text)


@pytest.fixture
def broken(
    outside: Adapters, services: Services, settings: Settings, open_api: OpenApi
) -> httpx.Client:
    """The API with a mistake in it that was not foreseen."""
    painter = replace(outside, qr=LeakyQr())
    tickets = build_services(painter, settings).tickets
    return open_api(replace(services, tickets=tickets))


class TestRequestId:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/events/", 200),
            ("GET", "/nowhere", 404),
            ("GET", "/events/99", 404),
            ("PUT", "/events/", 405),
            ("POST", "/users/", 422),
            ("GET", "/users/me", 401),
            ("GET", "/docs", 200),
            ("GET", "/static/nothing.js", 404),
            ("GET", "/openapi.json", 200),
            ("GET", "/", 200),
        ],
    )
    def test_is_on_every_answer(
        self, api: httpx.Client, method: str, path: str, status: int
    ) -> None:
        given = api.request(method, path, headers={"X-Request-ID": "my-request.1"})
        made = api.request(method, path)

        assert given.status_code == made.status_code == status
        assert given.headers.get_list("x-request-id") == ["my-request.1"]
        assert re.fullmatch(r"[0-9a-f]{16}", made.headers["x-request-id"])

    @pytest.mark.parametrize("odd", ["", "a b", "x" * 65, "ä", "<b>", "a\tb", "a,b"])
    def test_is_replaced_when_it_is_odd(self, api: httpx.Client, odd: str) -> None:
        answer = api.get("/events/", headers={b"x-request-id": odd.encode()})

        assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])

    def test_differs_for_each_request(self, api: httpx.Client) -> None:
        assert len({api.get("/health/live").headers["x-request-id"] for _ in range(20)}) == 20


class TestUnforeseen:
    def test_is_a_problem_without_internals(
        self, broken: httpx.Client, make: Factory, ada: Person
    ) -> None:
        ticket = make.buy(ada.user, make.event().id).tickets[0]

        answer = broken.get(f"/tickets/{ticket.id}", headers=ada.headers)

        assert code_of(answer) == (500, "internal-error")
        assert answer.headers["x-request-id"]
        for inside in (ticket.code, "RuntimeError", "Traceback", "paint", ".py"):
            assert inside not in answer.text

    def test_is_a_warning_in_the_log_which_names_the_account(
        self, broken: httpx.Client, make: Factory, ada: Person
    ) -> None:
        ticket = make.buy(ada.user, make.event().id).tickets[0]

        with capture_logs(processors=[merge_contextvars]) as lines:
            broken.get(f"/tickets/{ticket.id}", headers=ada.headers)
            broken.get("/users/me", headers=ada.headers)
            broken.get("/events/")

        requests = [line for line in lines if line["event"] == "request"]
        assert [line["log_level"] for line in requests] == ["warning", "info", "info"]
        assert [line.get("user_id") for line in requests] == [ada.user.id, ada.user.id, None]

    def test_does_not_harm_the_next_request(
        self, broken: httpx.Client, make: Factory, ada: Person
    ) -> None:
        ticket = make.buy(ada.user, make.event().id).tickets[0]
        broken.get(f"/tickets/{ticket.id}", headers=ada.headers)

        assert broken.get("/users/me", headers=ada.headers).status_code == 200


class TestAddresses:
    def test_take_only_their_methods_and_name_them(self, api: httpx.Client, app: FastAPI) -> None:
        operations = operations_of(app)
        for operation in operations:
            taken = {each.method for each in operations if each.template == operation.template}
            others = {each.method for each in operations if each.covers(operation)}
            for method in METHODS - taken - others:
                answer = api.request(method, operation.path)

                assert code_of(answer) == (405, "method-not-allowed"), f"{method} {operation}"
                allowed = taken | {"HEAD"} if "GET" in taken else taken
                assert set(answer.headers["allow"].split(", ")) == allowed, str(operation)

    def test_are_not_taken_for_a_placeholder_of_others(
        self, api: httpx.Client, ada: Person
    ) -> None:
        for method, path, taken in (
            ("DELETE", "/transfers/accept", "POST"),
            ("PATCH", "/events/1.ics", "GET, HEAD"),
        ):
            answer = api.request(method, path, json={}, headers=ada.headers)

            assert code_of(answer) == (405, "method-not-allowed"), path
            assert answer.headers["allow"] == taken

    def test_that_do_not_exist_are_problems(self, api: httpx.Client) -> None:
        for path in ("/nowhere", "/events/1/x", "/payments", "/%00", "/.env", "/static/../app"):
            answer = api.get(path)

            assert code_of(answer) == (404, "path-not-found"), path

    def test_need_no_redirect_for_a_slash(self, api: httpx.Client, app: FastAPI) -> None:
        for operation in operations_of(app):
            bare = operation.path.rstrip("/")

            answers = [api.request(operation.method, path) for path in (bare, f"{bare}/")]

            assert answers[0].status_code == answers[1].status_code, str(operation)
            assert not answers[0].is_redirect


class TestDescription:
    def test_tells_of_each_operation_what_it_does(self, app: FastAPI) -> None:
        tags = {tag["name"] for tag in app.openapi()["tags"]}
        summaries = []
        for operation in operations_of(app):
            described = operation.described
            summaries.append(described["summary"])
            assert described["summary"]
            assert described["description"], str(operation)
            assert len(described["tags"]) == 1
            assert set(described["tags"]) <= tags

        assert len(set(summaries)) == len(summaries)

    def test_lists_refusals_as_problems(self, app: FastAPI) -> None:
        for operation in operations_of(app):
            refusals = {
                status: answer
                for status, answer in operation.described["responses"].items()
                if status >= "400" and not operation.template.startswith("/health")
            }
            if not operation.template.startswith("/health"):
                assert {"422", "503"} <= set(refusals), str(operation)
            for status, answer in refusals.items():
                examples = answer["content"]["application/problem+json"]["examples"]
                for code, example in examples.items():
                    assert example["value"]["code"] == code
                    assert example["value"]["status"] == int(status)
                if status in {"429", "503"}:
                    assert "Retry-After" in answer["headers"], str(operation)

    def test_says_401_wherever_a_token_is_read(self, app: FastAPI) -> None:
        for operation in operations_of(app):
            if operation.described["security"]:
                assert "401" in operation.described["responses"], str(operation)

    def test_gives_an_example_of_each_body(self, app: FastAPI) -> None:
        for operation in operations_of(app):
            if operation.body and operation.media_type != MULTIPART:
                assert operation.example

    def test_begins_the_events_with_the_list(self, app: FastAPI) -> None:
        first = next(each for each in operations_of(app) if each.described["tags"] == ["events"])

        assert str(first) == "GET /events"

    def test_is_plain_json(self, api: httpx.Client) -> None:
        document = api.get("/openapi.json")

        assert document.headers["content-type"] == "application/json"
        assert json.loads(document.content)["openapi"].startswith("3.1")


class TestProblem:
    def test_carries_the_facts_for_programs(self, api: httpx.Client, log_in: LogIn) -> None:
        answer = api.get("/tickets/7", headers=log_in("eve"))

        assert problem_of(answer) == {
            "type": "/problems/ticket-not-found",
            "title": TicketNotFound.title,
            "status": 404,
            "detail": "You have no ticket 7.",
            "instance": "/tickets/7",
            "code": "ticket-not-found",
            "ticket_id": 7,
        }

    def test_is_never_kept_by_a_cache(self, api: httpx.Client) -> None:
        answer = api.get("/events/99")

        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
