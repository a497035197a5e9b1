"""Answering in one trip to the thread pool.

FastAPI sends a plain ``def`` route to its thread pool three times: for the dependency that looks
the caller up, for the route itself, and to turn what it returns into JSON. Each trip costs about as
much as a query. Here the route's own thread does all three.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from fastapi import Response
from pydantic import TypeAdapter

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Deferred:
    """A value a dependency promises: found out in the route's own thread."""

    find: Callable[[], Any]


def in_one_hop(endpoint: Callable[..., Any], describe: Callable[[], "Shape"]) -> Callable[..., Any]:
    """The endpoint, looking up what was deferred, and answering with a finished response.

    Args:
        endpoint: a plain function; it may return a response of its own.
        describe: tells, when first called, what its answers look like.
    """
    shape: Shape | None = None

    @wraps(endpoint)
    def answer(**arguments: Any) -> Response:
        nonlocal shape
        shape = shape or describe()
        found = {
            name: value.find() if isinstance(value, Deferred) else value
            for name, value in arguments.items()
        }
        returned = endpoint(**found)
        if isinstance(returned, Response):
            return returned
        template = next((v for v in arguments.values() if isinstance(v, Response)), None)
        return shape.response(returned, template)

    return answer


@dataclass(frozen=True, slots=True)
class Shape:
    """What an operation's answers look like: their status and, unless empty, their model."""

    status: int
    model: TypeAdapter[Any] | None

    def response(self, returned: Any, template: Response | None) -> Response:
        """The finished response, with the status and headers the route set, if it did."""
        status = (template.status_code if template is not None else None) or self.status
        if self.model is None:
            response = Response(status_code=status)
        else:
            model = self.model.validate_python(returned, from_attributes=True)
            response = Response(self.model.dump_json(model), status, media_type=JSON)
        if template is not None:
            response.raw_headers.extend(
                header for header in template.raw_headers if header[0] != b"content-length"
            )
        return response


def is_plain(endpoint: Callable[..., Any]) -> bool:
    """Whether FastAPI would call this function in its thread pool."""
    return inspect.isfunction(endpoint) and not inspect.iscoroutinefunction(endpoint)
