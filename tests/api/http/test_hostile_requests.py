"""Requests that no ordinary client makes: endless addresses and headers, callers who hang up."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.http.middleware import LONGEST_PATH, LONGEST_QUERY
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory

pytestmark = one_database


class TestAddress:
    @pytest.mark.parametrize("letters", [":", "a", "%C3%A9", "/", "=&"])
    def test_is_refused_when_its_path_is_endless(self, api: httpx.Client, letters: str) -> None:
        path = f"/x://{letters * 8_000}"

        with capture_logs() as lines:
            answer = api.get(path)

        assert answer.status_code == 414
        assert answer.json()["code"] == "uri-too-long"
        assert answer.json()["path_limit"] == LONGEST_PATH
        assert len(answer.content) < 2_000
        (line,) = lines
        assert line["status"] == 414
        assert len(line["path"]) < 300

    def test_is_refused_when_its_query_is_endless(self, api: httpx.Client) -> None:
        answer = api.get(f"/events/?q={'a' * LONGEST_QUERY}")

        assert code_of(answer) == (414, "uri-too-long")

    def test_may_have_just_that_length(self, api: httpx.Client) -> None:
        assert api.get("/" + "a" * (LONGEST_PATH - 1)).status_code == 404
        assert api.get("/events/?q=" + "a" * (LONGEST_QUERY - 2)).status_code == 422


class TestForms:
    @pytest.mark.parametrize("path", ["/sign-in", "/e/1/checkout", "/invitation"])
    @pytest.mark.parametrize(
        ("letters", "written"),
        [
            ("undefined", b"x"),
            ("punycode", b"a.b"),
            ("unicode_escape", b"\\ud800"),
            ("utf-7", b"+2AA-"),
        ],
    )
    def test_in_letters_of_no_browser_are_refused(
        self, api: httpx.Client, make: Factory, path: str, letters: str, written: bytes
    ) -> None:
        make.event()
        names = ("name", "email", "username", "password", "token")
        head = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        body = b"".join(head % (name.encode(), written) for name in names) + b"--x--\r\n"
        kind = f"multipart/form-data; boundary=x; charset={letters}"

        answer = api.post(path, content=body, headers={"Content-Type": kind})

        assert code_of(answer) == (400, "malformed-request")

    def test_in_utf8_are_taken(self, api: httpx.Client) -> None:
        kind = "multipart/form-data; boundary=x; charset=UTF-8"

        answer = api.post("/sign-in", content=b"--x--\r\n", headers={"Content-Type": kind})

        assert answer.status_code == 422


class TestConditions:
    def test_may_name_many_answers(self, api: httpx.Client, make: Factory, ada: Person) -> None:
        ticket = make.buy(ada.user, make.event().id).tickets[0]
        first = api.get(f"/tickets/{ticket.id}", headers=ada.headers)
        others = ", ".join(f'"{number:030}"' for number in range(100))

        for tags, status in ((f"{others}, {first.headers['etag']}", 304), (others, 200)):
            answer = api.get(
                f"/tickets/{ticket.id}", headers={**ada.headers, "If-None-Match": tags}
            )

            assert answer.status_code == status

    @pytest.mark.parametrize("accept", [",,,", ",", " , ", ",image/png,"])
    def test_that_name_nothing_ask_for_nothing(
        self, api: httpx.Client, make: Factory, ada: Person, accept: str
    ) -> None:
        ticket = make.buy(ada.user, make.event().id).tickets[0]

        answer = api.get(f"/tickets/{ticket.id}", headers={**ada.headers, "Accept": accept})

        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/png"


class TestHangingUp:
    def test_while_the_body_is_sent_is_no_error(self, app: FastAPI) -> None:
        sent: list[Any] = []
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": b'{"email": "a', "more_body": True},
            {"type": "http.disconnect"},
        ]

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": "/users/",
            "raw_path": b"/users/",
            "root_path": "",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json"), (b"content-length", b"100")],
            "server": ("shop.test", 80),
            "client": ("203.0.113.7", 5000),
        }

        with capture_logs() as lines:
            asyncio.run(app(scope, receive, send))

        assert sent == []
        (line,) = lines
        assert (line["event"], line["log_level"], line["status"]) == ("request", "info", 499)
