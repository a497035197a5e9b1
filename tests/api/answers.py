"""What the tests say about answers, in one line each."""

from typing import Any

import httpx

PROBLEM_MEMBERS = {"type", "title", "status", "detail", "instance", "code"}


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a refusal that has the form every refusal has."""
    return answer.status_code, problem_of(answer)["code"]


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The body of a refusal, checked against the members every problem has."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body: dict[str, Any] = answer.json()
    assert set(body) >= PROBLEM_MEMBERS
    assert body["status"] == answer.status_code
    assert body["type"] == f"/problems/{body['code']}"
    # An address is served with and without a slash at its end.
    assert body["instance"].rstrip("/") == answer.request.url.path.rstrip("/")
    assert body["title"]
    assert body["detail"]
    return body


def pointers_of(answer: httpx.Response) -> list[str]:
    """The fields a 422 complains about."""
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in problem_of(answer)["errors"]]


def titles_of(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [event["title"] for event in answer.json()]
