"""Answering in one trip to the thread pool.

FastAPI sends a plain ``def`` route to its thread pool three times: for the dependency that looks
the caller up, for the route itself, and to turn what it returns into JSON. Each trip costs about as
much as a query. Here the route's own thread does all three.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import TypeAdapter

from app.domain.paging import Cursor, Page
from app.http.calls.naming import Naming
from app.http.calls.once import Key, Once, once_of
from app.http.deferred import Deferred
from app.http.dependencies import ServicesDep, services_of
from app.http.strict_request import StrictRequest
from app.models.users.users import User

JSON = "application/json"
REQUEST = "http_request"
KEY = "idempotency_key"

T = TypeVar("T")


def in_one_hop(
    endpoint: Callable[..., Any], describe: Callable[[], "Shape"], naming: Naming
) -> Callable[..., Any]:
    """The endpoint, looking up what was deferred, and answering with a finished response.

    Args:
        endpoint: a plain function; it may return a response of its own, or a page of a list, whose
            answer then says where the next one is.
        describe: tells, when first called, what its answers look like.
        naming: whether the client may name the call, so that it happens once.
    """
    shape: Shape | None = None
    signature = inspect.signature(endpoint)
    wants_services, wants_once = _asking(signature, ServicesDep), _asking(signature, Once)
    handed = {*wants_services, *wants_once}
    if wants_once and naming is not Naming.IN_STEPS:
        raise TypeError(f"{endpoint.__name__} goes in steps and is not marked: @named_in_steps")

    own_request = next(iter(_asking(signature, Request, StrictRequest)), None)

    @wraps(endpoint)
    def answer(**given: Any) -> Response:
        nonlocal shape
        shape = shape or describe()
        request = given[own_request] if own_request else given.pop(REQUEST)
        key = given.pop(KEY, None)
        found = {
            name: value.find() if isinstance(value, Deferred) else value
            for name, value in given.items()
        }
        caller = _first(User, found)
        found |= dict.fromkeys(wants_services, services_of(request))
        if naming is Naming.NEVER:
            return _finished(endpoint, found, shape, request)
        once = once_of(request, key, in_steps=naming is Naming.IN_STEPS)
        found |= dict.fromkeys(wants_once, once)
        return once.run(partial(_finished, endpoint, found, shape, request), caller=caller)

    asked = [each for name, each in signature.parameters.items() if name not in handed]
    if own_request is None:
        asked.append(_parameter(REQUEST, StrictRequest))
    if naming is not Naming.NEVER:
        asked.append(_parameter(KEY, Key, default=None))
    # FastAPI needs as long for a dependency as the database for a query.
    new = signature.replace(parameters=asked)
    answer.__signature__ = new  # type: ignore[attr-defined]  # it is what FastAPI reads
    return answer


def _asking(signature: inspect.Signature, *annotations: object) -> list[str]:
    """The parameters that are annotated so."""
    return [name for name, each in signature.parameters.items() if each.annotation in annotations]


def _parameter(
    name: str, annotation: object, *, default: object = inspect.Parameter.empty
) -> inspect.Parameter:
    only = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, only, annotation=annotation, default=default)


def _finished(
    endpoint: Callable[..., Any], found: dict[str, Any], shape: "Shape", request: Request
) -> Response:
    returned = endpoint(**found)
    if isinstance(returned, Response):
        return returned
    template = _first(Response, found)
    if not isinstance(returned, Page):
        return shape.response(returned, template)
    response = shape.response(returned.items, template)
    if returned.next is not None:
        response.headers["Link"] = f'<{_address(request, returned.next)}>; rel="next"'
    return response


def _address(request: Request, cursor: Cursor) -> str:
    """The same list from there on."""
    query = [(name, value) for name, value in request.query_params.items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*query, ('cursor', cursor.encode())])}"


def _first(kind: type[T], found: dict[str, Any]) -> T | None:
    """The argument of this kind, if the endpoint takes one."""
    return next((value for value in found.values() if isinstance(value, kind)), None)


@dataclass(frozen=True, slots=True)
class Shape:
    """What an operation's answers look like: their status and, unless empty, their model."""

    status: int
    model: TypeAdapter[Any] | None
    shown: Mapping[str, Any]
    """Which fields are shown, as the route's ``response_model_…`` options say."""

    def response(self, returned: Any, template: Response | None) -> Response:
        """The finished response, with the status and headers the route set, if it did."""
        status = (template.status_code if template is not None else None) or self.status
        if self.model is None:
            response = Response(status_code=status)
        else:
            model = self.model.validate_python(returned, from_attributes=True)
            response = Response(self.model.dump_json(model, **self.shown), status, media_type=JSON)
        if template is not None:
            response.raw_headers.extend(
                header for header in template.raw_headers if header[0] != b"content-length"
            )
        return response


def is_plain(endpoint: Callable[..., Any]) -> bool:
    """Whether FastAPI would call this function in its thread pool."""
    return inspect.isfunction(endpoint) and not inspect.iscoroutinefunction(endpoint)
