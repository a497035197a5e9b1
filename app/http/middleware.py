"""What every request passes on its way in and out."""

import re
import sys
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Final

import structlog
from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.errors import StartRefused
from app.domain.operations.clocks import CALL_ENDS_AT
from app.domain.ports import IdGenerator
from app.http.browsers.languages import CALL, language_asked
from app.http.dependencies import Addresses, client_address_of, own_path
from app.http.problems import problem, refused
from app.http.refusals import ContentTooLarge, InternalError, MalformedRequest, UriTooLong
from app.http.representations.compression import compressing
from app.texts.catalogue import READER

log = structlog.get_logger("app.requests")

MOST_BODY_BYTES: Final = 64 * 1024

MOST_BYTES_AT: Final = {"/payments/webhook": 1024 * 1024}
"""Paystack repeats a refused event for three days; those of other software may be long."""

LONGEST_PATH: Final = 2 * 1024
"""Bytes of a path, as it was sent; the longest of ours has a fifth of that."""

LONGEST_QUERY: Final = 32 * 1024
"""Bytes of what follows the ``?``: a value too long for its field is told so by 422."""

_HEADERS: Final = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"no-referrer")]
_UNLESS_SET: Final = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
]
_ONLY_HTTPS: Final = (b"strict-transport-security", b"max-age=31536000")
"""For a year browsers ask this host by https only."""

CLIENT_CLOSED_REQUEST: Final = 499
"""The status that logs show for a caller who hung up, as nginx writes it; it is never sent."""

_SHOWN_PATH: Final = 200
"""Characters of a path that a line of the log shows."""

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class FrontDoor:
    """Names each request, limits its body, finds its address, packs its answer, and logs it.

    An unforeseen exception ends here as a problem with status 500, never as bare text.

    Args:
        app: what answers.
        ids: names requests that bring no usable ``X-Request-ID``.
        addresses: tell what is asked for.
        call_limit: how long a call waits for the database, in all.
        uploads: paths of routes that read a file. They look at the announced length themselves, to
            answer in words.
        upload_bytes: what a body with a file may have.
        trusted_proxies: how many proxies' word on the client's address is believed.
        is_secure: whether people reach the shop by https, and are to do so only.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        ids: IdGenerator,
        addresses: Addresses,
        call_limit: timedelta,
        uploads: Sequence[re.Pattern[str]],
        upload_bytes: int,
        trusted_proxies: int | None,
        is_secure: bool,
    ) -> None:
        self._app = app
        self._ids = ids
        self._addresses = addresses
        self._call_seconds = call_limit.total_seconds()
        self._uploads = uploads
        self._upload_bytes = upload_bytes
        self._trusted_proxies = trusted_proxies
        self._headers = [*_HEADERS, _ONLY_HTTPS] if is_secure else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, _in_a_sentence(send))
            return
        request_id = self._request_id(scope)
        structlog.contextvars.bind_contextvars(request_id=request_id.decode())
        CALL_ENDS_AT.set(time.monotonic() + self._call_seconds)
        began, method = time.perf_counter(), scope["method"]
        answer = _Answer(send, [(b"x-request-id", request_id), *self._headers])
        if scope["method"] == "HEAD":
            # As GET answers, but for the body (RFC 9110, 9.3.2).
            scope, answer.is_bare = {**scope, "method": "GET"}, True
        CALL.set(scope)
        READER.set(partial(language_asked, scope))
        try:
            await self._answer(scope, receive, answer)
        finally:
            tell = log.warning if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else log.info
            tell(
                "request",
                method=method,
                path=_shown(scope["path"]),
                status=answer.status,
                client=client_address_of(scope, self._trusted_proxies).address or None,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
            structlog.contextvars.clear_contextvars()

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            _ensure_short_address(scope)
            self._addresses.settle(scope)
            most = self._most_bytes(scope)
            _ensure_plain_letters(scope)
            sent = compressing(answer, scope) if scope["method"] == "GET" else answer
            await self._app(scope, _limited(receive, most), sent)
        except (ContentTooLarge, MalformedRequest, UriTooLong) as refusal:
            await problem(refusal, path=_shown(scope["path"]))(scope, receive, answer)
        except ClientDisconnect:
            answer.status = CLIENT_CLOSED_REQUEST  # the caller has gone
        except Exception:
            log.exception("unforeseen", method=scope["method"], path=_shown(scope["path"]))
            if answer.status:
                raise
            await refused(Request(scope), InternalError())(scope, receive, answer)

    def _most_bytes(self, scope: Scope) -> int:
        """How long the body may be.

        Raises:
            ContentTooLarge: it is announced to be longer.
        """
        path = own_path(scope)
        if scope["method"] in ("POST", "PUT") and any(each.match(path) for each in self._uploads):
            return self._upload_bytes
        most = MOST_BYTES_AT.get(path, MOST_BODY_BYTES)
        _ensure_short(announced_length(scope["headers"]), most)
        return most

    def _request_id(self, scope: Scope) -> bytes:
        headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
        for name, value in headers:
            if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
                return value
        return self._ids.request_id().encode()


def _in_a_sentence(send: Send) -> Send:
    """Have the server say why it does not start, rather than where in the code it found out."""

    async def send_on(message: Message) -> None:
        refusal = sys.exception()
        if message["type"] == "lifespan.startup.failed" and isinstance(refusal, StartRefused):
            message = {**message, "message": str(refusal)}
        await send(message)

    return send_on


class _Answer:
    """Sends the answer on, with the headers every answer has; ``is_bare``: without its body."""

    def __init__(self, send: Send, headers: Sequence[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0
        self.is_bare = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"] = list(message.get("headers", ()))
            headers += self._headers
            known = {name for name, _ in headers}
            headers += [each for each in _UNLESS_SET if each[0] not in known]
            await self._send(message)
            if self.is_bare:
                # Whatever would be streamed is over with this.
                await self._send({"type": "http.response.body"})
        elif not self.is_bare:
            await self._send(message)


def _shown(path: str) -> str:
    """The path as logs and refusals show it: the beginning of a long one."""
    return path if len(path) <= _SHOWN_PATH else f"{path[:_SHOWN_PATH]}…"


def _ensure_short_address(scope: Scope) -> None:
    path: bytes = scope.get("raw_path") or scope["path"].encode(errors="replace")
    if len(path) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_QUERY:
        raise UriTooLong(path=LONGEST_PATH, query=LONGEST_QUERY)


def _ensure_plain_letters(scope: Scope) -> None:
    """Refuse a form in other letters than UTF-8: Starlette would take any codec Python has.

    Some of them fail in ways it does not foresee, and some make what is no text.
    """
    kind, options = parse_options_header(Headers(scope=scope).get("content-type"))
    if kind == b"multipart/form-data" and options.get(b"charset", b"utf-8").lower() != b"utf-8":
        raise MalformedRequest("Send the form in UTF-8.")


SLOWEST_BODY: Final = 64 * 1024
"""Bytes a second that a long body comes with at least."""


def announced_length(headers: Iterable[tuple[bytes, bytes]]) -> int:
    """How long the body is said to be; 0: not said."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _ensure_short(length: int, most: int) -> None:
    if length > most:
        raise ContentTooLarge(most)


def _limited(receive: Receive, most: int) -> Receive:
    """Count what really comes: a body sent in chunks announces no length."""
    seen = 0

    async def receive_within_limit() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            _ensure_short(seen, most)
        return message

    return receive_within_limit
