"""The app, and how it describes itself."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from fastapi import FastAPI
from pydantic.json_schema import models_json_schema

from app.schemas.examples import example_of
from app.schemas.problems import ProblemOut

_LINKED: Final = (
    ("/events", "/events/{event_id}", "$response.body#/id"),
    ("/payments/verify/{reference}", "/tickets/{ticket_id}", "$response.body#/ticket_id"),
)
"""Operations that name what is called next, see ``_link_to_operations``."""
_REFERENCE: Final = "#/components/schemas/{model}"


class DescribedApp(FastAPI):
    """An app whose description also holds the problem that every refusal refers to.

    FastAPI would describe refusals in the form of the answer: a ticket's as a picture.
    """

    def openapi(self) -> dict[str, Any]:
        described = super().openapi()
        schemas = described["components"]["schemas"]
        if ProblemOut.__name__ not in schemas:
            _, definitions = models_json_schema(
                [(ProblemOut, "serialization")], ref_template=_REFERENCE
            )
            schemas.update(definitions["$defs"])
            described["paths"] = _in_reading_order(described["paths"])
            for start, prefix, value in _LINKED:
                _link_to_operations(described["paths"], start, prefix, value)
            for name in _bodies_in(described["paths"]):
                _tell_defaults_in_words(schemas[name])
            for operations in described["paths"].values():
                for operation in operations.values():
                    _complete(operation, schemas)
        return described


def _link_to_operations(paths: Mapping[str, Any], start: str, prefix: str, value: str) -> None:
    """Link an answer that names something to each operation with it in its path.

    But not to those that delete: a client that follows every link would lose it.

    Args:
        paths: all of the description.
        start: the address whose POST answers with the thing's id.
        prefix: how the operations' addresses begin, up to the placeholder of the id.
        value: where in the answer the id is, as a runtime expression.
    """
    answers = paths[start]["post"]["responses"]
    links = next(answer["links"] for status, answer in answers.items() if status.startswith("2"))
    placeholder = prefix.rpartition("/")[2].strip("{}")
    for path, operations in paths.items():
        if not path.startswith(prefix):
            continue
        for method, operation in operations.items():
            if method != "delete" or path.count("{") > 1:
                name = operation["operationId"]
                found = links.setdefault(name, {"operationId": name})
                found.setdefault("parameters", {})[placeholder] = value


def _complete(operation: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """Say that an operation is public, and show what it answers."""
    # Without it, a client may not tell "public" from "not described".
    operation.setdefault("security", [])
    for status, answer in operation["responses"].items():
        content = answer.get("content", {}).get("application/json")
        if status < "400" and content is not None:
            with suppress(LookupError):  # a test names the field that has no example yet
                content["example"] = example_of(content["schema"], schemas)


def _bodies_in(paths: Mapping[str, Any]) -> set[str]:
    """The names of the schemas of requests."""
    return {
        content["schema"]["$ref"].rsplit("/", 1)[-1]
        for operations in paths.values()
        for operation in operations.values()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    }


def _tell_defaults_in_words(body: dict[str, Any]) -> None:
    """Move the defaults of a request's fields into their descriptions.

    Generators of typed clients take a field with a default for one that is always there, and then
    demand it of callers.
    """
    for field in body.get("properties", {}).values():
        default = field.pop("default", None)
        if default is not None:
            said = f"Default: {json.dumps(default)}."
            field["description"] = " ".join(filter(None, (field.get("description"), said)))


def _in_reading_order(paths: Mapping[str, Any]) -> dict[str, Any]:
    """The paths as people look for them: files last, and without a slash at the end.

    Routes stand in the order they are matched in. Each is served with and without the slash, and
    linters want one spelling: the one without.
    """
    files = [path for path in paths if "." in path.rpartition("/")[2]]
    others = [path for path in paths if path not in files]
    return {path.rstrip("/"): paths[path] for path in [*others, *files]}
