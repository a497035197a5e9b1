"""What can be done next with an answer: OpenAPI's links, which Swagger UI here follows as well."""

from collections.abc import Mapping
from typing import Any


def link(
    operation: str, *, body: Mapping[str, str] | None = None, **parameters: str
) -> dict[str, Any]:
    """A link to the operation, with the values to call it with.

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
