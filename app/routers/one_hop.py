"""Answering in one trip to the thread pool.

FastAPI sends a plain ``def`` route to its thread pool three times: for the dependency that looks
the caller up, for the route itself, and to turn what it returns into JSON. Each trip costs about as
much as a query. Here the route's own thread does all three.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar

from fastapi import Response
from pydantic import TypeAdapter

from app.models.users import User
from app.routers.deferred import Deferred
from app.routers.naming import Naming
from app.routers.once import Once, OnceDep, OnceInStepsDep

JSON = "application/json"

T = TypeVar("T")

ONCE = {Naming.IN_ONE_STEP: OnceDep, Naming.IN_STEPS: OnceInStepsDep}


def in_one_hop(
    endpoint: Callable[..., Any], describe: Callable[[], "Shape"], naming: Naming
) -> Callable[..., Any]:
    """The endpoint, looking up what was deferred, and answering with a finished response.

    Args:
        endpoint: a plain function; it may return a response of its own.
        describe: tells, when first called, what its answers look like.
        naming: whether the client may name the call, so that it happens once.
    """
    shape: Shape | None = None
    signature = inspect.signature(endpoint)
    if naming is not Naming.IN_STEPS and _asks_for(OnceInStepsDep, signature):
        raise TypeError(f"{endpoint.__name__} goes in steps and is not marked: @named_in_steps")

    @wraps(endpoint)
    def answer(**arguments: Any) -> Response:
        nonlocal shape
        shape = shape or describe()
        found = {
            name: value.find() if isinstance(value, Deferred) else value
            for name, value in arguments.items()
        }
        once = _first(Once, found)
        found = {name: value for name, value in found.items() if name in signature.parameters}
        finished = partial(_finished, endpoint, found, shape)
        return finished() if once is None else once.run(finished, caller=_first(User, found))

    if naming in ONCE and not any(_asks_for(asked, signature) for asked in ONCE.values()):
        key = inspect.Parameter("once", inspect.Parameter.KEYWORD_ONLY, annotation=ONCE[naming])
        answer.__signature__ = signature.replace(  # type: ignore[attr-defined]  # what FastAPI reads
            parameters=[*_takes(signature), key]
        )
    return answer


def _asks_for(annotation: object, signature: inspect.Signature) -> bool:
    return any(parameter.annotation == annotation for parameter in _takes(signature))


def _takes(signature: inspect.Signature) -> list[inspect.Parameter]:
    return list(signature.parameters.values())


def _finished(endpoint: Callable[..., Any], found: dict[str, Any], shape: "Shape") -> Response:
    returned = endpoint(**found)
    if isinstance(returned, Response):
        return returned
    return shape.response(returned, _first(Response, found))


def _first(kind: type[T], found: dict[str, Any]) -> T | None:
    """The argument of this kind, if the endpoint takes one."""
    return next((value for value in found.values() if isinstance(value, kind)), None)


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
