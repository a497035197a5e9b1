"""What an operation may answer, as it is described: its refusals, and what can be done next."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.domain.errors import TicketingError
from app.http.problems import PROBLEM_JSON, status_of

PROBLEM_SCHEMA: Final = {"$ref": "#/components/schemas/ProblemOut"}


def problems(*refusals: type[TicketingError]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI description of an operation's refusals, an example of each."""
    by_status: dict[int, list[type[TicketingError]]] = {}
    for refusal in sorted(set(refusals), key=lambda refusal: refusal.code):
        by_status.setdefault(status_of(refusal), []).append(refusal)
    return {status: _described(status, kinds) for status, kinds in sorted(by_status.items())}


def _described(status: int, refusals: Sequence[type[TicketingError]]) -> dict[str, Any]:
    examples = {
        refusal.code: {
            "summary": refusal.title,
            "value": {
                "type": f"/problems/{refusal.code}",
                "title": refusal.title,
                "status": status,
                "detail": refusal.title,
                "instance": "/",
                "code": refusal.code,
            },
        }
        for refusal in refusals
    }
    described: dict[str, Any] = {
        "description": " ".join(refusal.title for refusal in refusals),
        "content": {PROBLEM_JSON: {"schema": PROBLEM_SCHEMA, "examples": examples}},
    }
    if status in (429, 503):
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return described


def also(
    responses: Mapping[int | str, dict[str, Any]], *refusals: type[TicketingError]
) -> dict[int | str, dict[str, Any]]:
    """The responses an operation describes, and these refusals beside them.

    A status with an answer of another kind stays as it is described.
    """
    merged = dict(responses)
    for status, more in problems(*refusals).items():
        known = merged.get(status)
        if known is None:
            merged[status] = more
        elif PROBLEM_JSON in known.get("content", {}):
            merged[status] = _beside(known, more)
    return dict(sorted(merged.items(), key=lambda each: str(each[0])))


def _beside(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    examples, others = (each["content"][PROBLEM_JSON]["examples"] for each in (known, more))
    new = {code: example for code, example in others.items() if code not in examples}
    content = {PROBLEM_JSON: {"schema": PROBLEM_SCHEMA, "examples": examples | new}}
    sentences = [known["description"], *(example["summary"] for example in new.values())]
    return {**known, "description": " ".join(sentences), "content": content}


def link(
    operation: str, *, body: Mapping[str, str] | None = None, **parameters: str
) -> dict[str, Any]:
    """A link to the operation, with the values to call it with; Swagger UI follows it.

    Args:
        operation: name of the route's function.
        body: its JSON body or form; values are runtime expressions (OpenAPI, section 4.8.20.4).
        parameters: those in its path, as runtime expressions.
    """
    found: dict[str, Any] = {"operationId": operation}
    if parameters:
        found["parameters"] = parameters
    if body is not None:
        found["requestBody"] = dict(body)
    return {operation: found}
