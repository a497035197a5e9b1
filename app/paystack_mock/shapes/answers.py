"""What goes back over the wire."""

from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from app.paystack_mock.values.refusals import Refusal

_PROMISED = b'{"status":true,"message":"Authorization URL created","data":{}}'


def success(message: str, data: Any, meta: dict[str, Any] | None = None) -> JSONResponse:
    body = {"status": True, "message": message, "data": data}
    if meta is not None:
        body["meta"] = meta
    return JSONResponse(body)


def refused(_request: Request, error: Exception) -> Response:
    refusal = cast(Refusal, error)  # registered for refusals only
    return JSONResponse(refusal.body, status_code=refusal.status)


def no_such_route(_request: Request, error: Exception) -> Response:
    """Starlette's own 404 and 405, in the envelope."""
    said = cast(HTTPException, error)  # registered for these only
    refusal = Refusal(
        said.status_code,
        said.detail,
        code="not_found" if said.status_code == 404 else "invalid_request",
        next_step="Check the path and the method of your request",
        type="api_error",
    )
    return JSONResponse(refusal.body, status_code=said.status_code, headers=said.headers)


def broke_down(_request: Request, _error: Exception) -> Response:
    refusal = Refusal(500, "Internal server error", code="unknown", type="api_error")
    return JSONResponse(refusal.body, status_code=500)


def outage_without_json() -> Response:
    return Response("<h1>Internal Server Error</h1>", status_code=500, media_type="text/html")


class BrokenConnection(Response):
    """Promises more bytes than it sends, then ends: to the client a protocol error."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # the signature is ASGI's
        length = str(len(_PROMISED)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        half = _PROMISED[: len(_PROMISED) // 2]
        try:
            await send({"type": "http.response.body", "body": half, "more_body": False})
        except RuntimeError:
            # uvicorn objects to the short body and, once we return, drops the connection:
            # just what an outage looks like.
            return
