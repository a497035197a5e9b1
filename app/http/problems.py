"""Refusals as RFC 9457 problems: the one place that turns them into HTTP."""

import json
import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.domain.errors import (
    BadRequest,
    ConditionFailed,
    Conflict,
    Forbidden,
    Invalid,
    KeyInUse,
    NotFound,
    PaymentIncomplete,
    TicketingError,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from app.http.dependencies import ROOT_PATH, own_path
from app.http.refusals import (
    ContentTooLarge,
    InternalError,
    MalformedRequest,
    MethodNotAllowed,
    NotAcceptable,
    PathNotFound,
    UnsupportedMediaType,
    UploadTooSlow,
    UriTooLong,
    ValidationFailed,
)
from app.http.representations.negotiation import best_media_type
from app.http.security_log import log_refusal
from app.schemas.validation_texts import rule_text

PROBLEM_JSON: Final = "application/problem+json"
HTML: Final = "text/html"
PROBLEM_SCHEMA: Final = {"$ref": "#/components/schemas/ProblemOut"}

_PLACEHOLDER: Final = re.compile(r"\{\w+\}")

STATUS_OF_KIND: Final[dict[type[TicketingError], int]] = {
    BadRequest: 400,
    Unauthenticated: 401,
    PaymentIncomplete: 402,
    Forbidden: 403,
    NotFound: 404,
    MethodNotAllowed: 405,
    NotAcceptable: 406,
    UploadTooSlow: 408,
    Conflict: 409,
    ConditionFailed: 412,
    ContentTooLarge: 413,
    UriTooLong: 414,
    UnsupportedMediaType: 415,
    Invalid: 422,
    TooMany: 429,
    InternalError: 500,
    Unavailable: 503,
}


def status_of(refusal: type[TicketingError]) -> int:
    return next(STATUS_OF_KIND[kind] for kind in refusal.__mro__ if kind in STATUS_OF_KIND)


def problem(error: TicketingError, *, path: str) -> Response:
    status = status_of(type(error))
    body = {
        "type": f"{ROOT_PATH.get()}/problems/{error.code}",
        "title": error.title,
        "status": status,
        "detail": error.detail,
        "instance": path,
        "code": error.code,
        **error.facts,
        **_oauth_members(error, status, path),
    }
    content = json.dumps(body, default=_as_json).encode(errors="replace")
    return Response(content, status, _headers(error), PROBLEM_JSON)


def refused(request: Request, error: TicketingError) -> Response:
    """The answer to a refused request: a page where a browser opens an address, else a problem."""
    if not _wants_page(request):
        return problem(error, path=request.url.path)
    make_page: RefusalPage = request.app.state.refusal_page
    page = make_page(request, error, detail=error.detail)
    page.headers.update(_headers(error))
    return page


def _wants_page(request: Request) -> bool:
    """Whether HTML is liked better than JSON; ``*/*`` likes both alike, and gets JSON."""
    accept = request.headers.get("accept")
    try:
        return best_media_type(accept, [PROBLEM_JSON, "application/json", HTML]) == HTML
    except NotAcceptable:
        return False


def _oauth_members(error: TicketingError, status: int, path: str) -> dict[str, str]:
    """What OAuth 2.0 clients look for at the token endpoint (RFC 6749, section 5.2)."""
    if path.removeprefix(ROOT_PATH.get()).rstrip("/") not in ("/token", "/token/refresh"):
        return {}
    errors = error.facts.get("errors")
    pointers = [each["pointer"] for each in errors] if isinstance(errors, list) else []
    if isinstance(error, Unauthenticated | Forbidden):
        code = "invalid_grant"
    elif pointers == ["/grant_type"]:
        code = "unsupported_grant_type"
    else:
        code = "invalid_request" if status < 429 else "temporarily_unavailable"
    return {"error": code, "error_description": error.detail}


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _headers(error: TicketingError) -> dict[str, str]:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooMany | Unavailable | KeyInUse):
        return {"Retry-After": str(max(math.ceil(error.retry_after.total_seconds()), 1))}
    if isinstance(error, UploadTooSlow):
        return {"Connection": "close"}  # the rest of the body is not read
    return {}


class RefusalPage(Protocol):
    """Makes the page that a browser shows in place of a problem."""

    def __call__(self, request: Request, refusal: TicketingError, *, detail: str) -> Response: ...


def answer_with_problems(app: FastAPI, page: RefusalPage) -> None:
    """Make every refusal of the app a problem, or a page for who asks for one."""
    app.state.refusal_page = page

    @app.exception_handler(TicketingError)
    async def _refused(request: Request, error: TicketingError) -> Response:
        log_refusal(request, error)
        return refused(request, error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        # The rejected values are not echoed: they may be secrets, or be no JSON (NaN, surrogates).
        errors = [_field_error(found) for found in error.errors()]
        if any(found["loc"][0] == "path" for found in error.errors()):
            methods = _methods_at(app, own_path(request.scope))
            if methods and request.method not in methods:
                # Another address swallowed this one: `DELETE /transfers/accept` names no offer.
                return _not_allowed(request, methods)
        return refused(request, ValidationFailed(errors))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 405:
            return _not_allowed(request, _methods_at(app, own_path(request.scope)))
        answer = refused(request, _refusal_of(error))
        for name, value in (error.headers or {}).items():
            answer.headers[name] = value
        return answer


def _not_allowed(request: Request, methods: Sequence[str]) -> Response:
    answer = refused(request, MethodNotAllowed())
    answer.headers["Allow"] = ", ".join(methods) or "GET, HEAD"
    return answer


def _methods_at(app: FastAPI, path: str) -> list[str]:
    """The methods an address takes. The framework names those of the first operation only.

    As in OpenAPI, an address that is spelled out goes before one with a placeholder, and so does
    one of which more is spelled out: ``/events/{event_id}.ics`` is no event.
    """
    paths, path = app.openapi()["paths"], path.rstrip("/") or "/"
    matching = [template for template in paths if compile_path(template)[0].match(path)]
    if not matching:
        return []
    most = path if path in paths else max(matching, key=_spelled_out)
    methods = {method.upper() for method in paths[most]}
    return sorted(methods | {"HEAD"} if "GET" in methods else methods)


def _spelled_out(template: str) -> int:
    return len(_PLACEHOLDER.sub("", template))


def _field_error(found: Any) -> dict[str, str]:
    where, *path = (str(part) for part in found["loc"])
    message = rule_text(found)
    if where == "body":
        return {"pointer": "".join(f"/{part}" for part in path), "detail": message}
    return {"pointer": f"/{path[0] if path else ''}", "in": where, "detail": message}


def _refusal_of(error: HTTPException) -> TicketingError:
    match error.status_code:
        case 404:
            return PathNotFound()
        case 400:
            return MalformedRequest()
    return InternalError()
