"""Inputs that break web frameworks, on every operation that writes: refused, never a 5xx."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.http.middleware import MOST_BYTES_AT
from app.http.uploads import MULTIPART
from tests.api.answers import code_of, pointers_of, problem_of
from tests.api.conftest import Person, one_database
from tests.api.described_operations import FORM, JSON, Operation, operations_of

pytestmark = one_database

LIMIT = 64 * 1024
NOT_NUMBERS = ["NaN", "Infinity", "-Infinity"]
WRONG = {
    "string": ['"a\\u0000b"', '"\\ud800"', '"\\udfff x"', "5", "true", "[]", "{}", '"x\\n\\u0007"'],
    "integer": [
        *["9223372036854775808", "1" + "0" * 40, "-9223372036854775809", "0", "-1"],
        *["true", '"5"', "5.0", "5.5", "1e400", '"\\u0000"', "[]", "{}"],
    ],
    "number": ["true", '"5"', "1e400", "-1", "0.001", "[]", "{}"],
    "array": ['"x"', "5", "true", "{}"],
    "boolean": ['"true"', "1", "0", "[]"],
    "object": ['"x"', "5", "true", "[]"],
}
MALFORMED = {
    "cut off": b'{"title": "x',
    "not JSON": b"title=x",
    "bad UTF-8": b'{"title": "\xff\xfe"}',
    "single quotes": b"{'title': 'x'}",
    "trailing comma": b'{"title": "x",}',
    "two values": b"{}{}",
    "deep lists": b"[" * 5_000 + b"]" * 5_000,
    "deep objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "many digits": b'{"ticket_price": ' + b"9" * 5_000 + b"}",
    "byte order mark only": b"\xef\xbb\xbf",
}
NO_OBJECTS = [b"[]", b'"x"', b"5", b"null", b"true", b"NaN", b"5.5", b"1e400", b"[{}]"]
HOSTILE_FORMS = [
    b"username=%00&password=x",
    b"username=a%00b&password=password123",
    b"username=%ED%A0%80&password=x",
    b"username=%FF%FE&password=%FF",
    b"username=" + b"a" * 5_000 + b"&password=x",
    b"username=x&password=" + b"a" * 5_000,
    b"username&password",
    b"%",
    b"&&&===",
    b"\xff\xfe\x00",
    b"username=a&username=b&password=c&password=d",
]
TEXTS_OF_LINES = {
    *("description", "terms", "text"),
    *("password", "new_password", "current_password"),
}
RAW = {"POST /payments/webhook"}
"""Their bodies are read byte by byte, for the signature; see test_webhook.py."""


@pytest.fixture
def writes(app: FastAPI) -> list[Operation]:
    """Uploads aside, which are read from callers with the right only: test_upload_refusals.py."""
    found = [operation for operation in operations_of(app) if operation.is_write]
    return [operation for operation in found if operation.media_type != MULTIPART]


@pytest.fixture
def json_writes(writes: list[Operation]) -> list[Operation]:
    return [each for each in writes if each.media_type == JSON and str(each) not in RAW]


def with_field(operation: Operation, name: str, raw: str) -> str:
    """The operation's example with one field set to raw JSON."""
    mark = "put it here"
    body = json.dumps({**operation.example, name: mark})
    return body.replace(json.dumps(mark), raw)


def bodies_with_a_wrong_field(operation: Operation) -> Iterator[tuple[str, str]]:
    for name, types in operation.properties():
        for kind in types:
            for raw in [*NOT_NUMBERS, *WRONG[kind]]:
                if types <= {kind}:
                    yield name, with_field(operation, name, raw)


class TestFields:
    @pytest.mark.slow
    def test_of_the_wrong_kind_are_refused(
        self, api: httpx.Client, json_writes: list[Operation], ada: Person
    ) -> None:
        tried = 0
        for operation in json_writes:
            for name, body in bodies_with_a_wrong_field(operation):
                if is_fine(operation, name, body):
                    continue
                answer = operation.send(api, body, headers=ada.headers)
                assert pointers_of(answer) == [f"/{name}"], f"{operation} {body}"
                assert "\\ud" not in answer.text, "what was sent is not echoed"
                tried += 1

        assert tried > 200

    def test_nobody_knows_are_refused(
        self, api: httpx.Client, json_writes: list[Operation], ada: Person
    ) -> None:
        for operation in json_writes:
            answer = operation.send(
                api, with_field(operation, "is_admin", "true"), headers=ada.headers
            )
            assert pointers_of(answer) == ["/is_admin"], str(operation)


def is_fine(operation: Operation, name: str, body: str) -> bool:
    """Whether the value is one the field may take after all."""
    takes_lines = name in TEXTS_OF_LINES
    # Of an order at the desk, the reason is its first note.
    takes_lines |= name == "reason" and operation.template.endswith("/orders")
    # Whatever is held before a scanner gets a verdict.
    takes_lines |= name == "code" and operation.template.endswith("/check-ins")
    takes_zero = name == "refund_hours"
    return (takes_lines and "\\u0007" in body) or (takes_zero and f'"{name}": 0}}' in body)


class TestBodies:
    def test_that_are_no_json_are_refused(
        self, api: httpx.Client, json_writes: list[Operation], ada: Person
    ) -> None:
        for operation in json_writes:
            for name, body in MALFORMED.items():
                answer = operation.send(api, body, headers=ada.headers)
                assert code_of(answer) == (400, "malformed-json"), f"{operation}: {name}"
                assert "400" in operation.described["responses"]

    def test_that_are_no_objects_are_refused(
        self, api: httpx.Client, json_writes: list[Operation], ada: Person
    ) -> None:
        for operation in json_writes:
            for body in [*NO_OBJECTS, b""]:
                answer = operation.send(api, body, headers=ada.headers)
                assert code_of(answer) == (422, "validation-failed"), f"{operation}: {body!r}"

    def test_of_another_media_type_are_refused(
        self, api: httpx.Client, writes: list[Operation], ada: Person
    ) -> None:
        for operation in writes:
            other = FORM if operation.media_type == JSON else JSON
            for content_type in [other, "text/plain", "multipart/form-data", "nonsense", "*/*"]:
                if operation.media_type is None or str(operation) in RAW:
                    continue
                if (str(operation), content_type) == ("POST /token/refresh", FORM):
                    continue  # OAuth 2.0 clients send a form
                answer = operation.send(
                    api, b'{"a": 1}', headers=ada.headers, content_type=content_type
                )
                assert code_of(answer) == (415, "unsupported-media-type"), str(operation)
                assert "415" in operation.described["responses"]

    def test_are_read_with_parameters_in_the_media_type(
        self, api: httpx.Client, json_writes: list[Operation], ada: Person
    ) -> None:
        for operation in json_writes:
            answer = operation.send(
                api, b"{}", headers=ada.headers, content_type="Application/JSON; charset=utf-8"
            )
            assert answer.status_code != 415, str(operation)

    def test_that_are_hostile_forms_are_survived(
        self, api: httpx.Client, writes: list[Operation], ada: Person
    ) -> None:
        forms = [operation for operation in writes if operation.media_type == FORM]
        for operation in forms:
            for body in HOSTILE_FORMS:
                answer = operation.send(api, body, headers=ada.headers)
                assert answer.status_code in {400, 401, 422}, f"{operation}: {body!r}"
                assert problem_of(answer)

        assert forms


def chunks(size: int) -> Iterator[bytes]:
    """A body that says nothing of its length."""
    yield b'{"title": "'
    for _ in range(size // 1024):
        yield b"x" * 1024
    yield b'"}'


class TestLimit:
    def test_refuses_long_bodies_on_every_write(
        self, api: httpx.Client, writes: list[Operation], ada: Person
    ) -> None:
        for operation in writes:
            limit = MOST_BYTES_AT.get(operation.path, LIMIT)
            answer = operation.send(api, b"x" * (limit + 1), headers=ada.headers)
            assert code_of(answer) == (413, "content-too-large"), str(operation)
            assert answer.json()["limit"] == limit

    def test_counts_what_comes_without_a_length(
        self, api: httpx.Client, writes: list[Operation], ada: Person
    ) -> None:
        for operation in writes:
            if operation.media_type is None:
                continue
            request = api.build_request(
                operation.method,
                operation.path,
                content=chunks(MOST_BYTES_AT.get(operation.path, LIMIT)),
                headers={**ada.headers, "Content-Type": operation.media_type},
            )
            assert "content-length" not in request.headers

            answer = api.send(request)

            assert code_of(answer) == (413, "content-too-large"), str(operation)
            assert "413" in operation.described["responses"]

    def test_takes_a_body_of_just_that_size(self, api: httpx.Client) -> None:
        start, end = b'{"title": "', b'"}'
        body = start + b"x" * (LIMIT - len(start) - len(end)) + end

        answer = api.post("/events/", content=body, headers={"Content-Type": JSON})

        assert answer.status_code == 422


class TestPaths:
    @pytest.mark.parametrize(
        "hole", [str(2**63), "9" * 400, "-1", "0", "1.0", "%00", "%FF", "%ED%A0%80", "NaN", "%2e"]
    )
    def test_with_odd_values_are_refused(
        self, api: httpx.Client, app: FastAPI, ada: Person, hole: str
    ) -> None:
        for operation in operations_of(app):
            path = operation.path.replace("/1", f"/{hole}").replace("TCK-1", hole)
            body: dict[str, Any] = operation.example if operation.body else {}
            if path == operation.path or operation.method == "PATCH":
                body = {}
            answer = api.request(operation.method, path, json=body or None, headers=ada.headers)
            assert answer.status_code < 500, f"{operation.method} {path}"

    def test_with_odd_queries_are_refused(
        self, api: httpx.Client, app: FastAPI, ada: Person
    ) -> None:
        for operation in operations_of(app):
            for query in ["unknown=1", "a%00b=1", "%FF=%FE", "=", "limit=1&limit=2&x"]:
                answer = api.request(
                    operation.method, f"{operation.path}?{query}", headers=ada.headers
                )
                assert answer.status_code < 500, f"{operation} ?{query}"
                # A webhook's address may have a query: whose it is tells the signature.
                if query == "unknown=1" and operation.path != "/payments/webhook":
                    assert pointers_of(answer) == ["/unknown"], str(operation)
