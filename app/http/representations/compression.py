"""Answers in fewer bytes (gzip, RFC 9110, section 8.4.1.3)."""

import gzip
import re
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Scope, Send

from app.http.dependencies import own_path

SMALLEST: Final = 1_000
"""Bytes; compressing less saves nothing noticeable."""

# Lists and descriptions, which hold no secret. An answer with a secret and with something that
# strangers chose would tell the secret by its length (BREACH), so others are not compressed.
_PLAIN: Final = re.compile(
    r"/events(?:/\d{1,19}(?:/(?:ticket-types|attendees|check-ins|waiting-list|manifest))?)?/?"
    r"|/(?:orders|waiting-list|messages)/?|/openapi\.json|/docs|/redoc|/scan|/problems/[a-z-]{1,64}"
    r"|/(?:e/[1-9][0-9]{0,15}[a-z0-9-]{0,61}(?:/embed|/poster)?)?"
)

_KINDS: Final = ("application/json", "text/html")


def takes_gzip(scope: Scope) -> bool:
    accepted = Headers(scope=scope).get("accept-encoding", "").replace(" ", "").lower()
    weights = dict(choice.partition(";q=")[::2] for choice in accepted.split(","))
    weight = weights.get("gzip", weights.get("*"))
    return weight is not None and (not weight or weight.strip("0.") != "")


def describe_as_gzip(headers: MutableHeaders, length: int) -> None:
    """Say in the headers that the body is compressed, and thus another one than its tag names."""
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(length)
    tag = headers.get("etag")
    if tag is not None and not tag.startswith("W/"):
        headers["ETag"] = f"W/{tag}"


def compressing(send: Send, scope: Scope) -> Send:
    """Compress the whole answer to a GET if it holds no secret; streams pass as they are."""
    if _PLAIN.fullmatch(own_path(scope)):
        return _Compressed(send, is_wanted=takes_gzip(scope))
    return send


class _Compressed:
    """Keeps the beginning of the answer back until the whole body is here."""

    def __init__(self, send: Send, *, is_wanted: bool) -> None:
        self._send = send
        self._is_wanted = is_wanted
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            headers = MutableHeaders(raw=list(start["headers"]))
            start["headers"] = headers.raw
            if headers.get("content-type", "").startswith(_KINDS):
                headers.add_vary_header("Accept-Encoding")
                body = message.get("body", b"")
                if self._is_wanted and not message.get("more_body") and len(body) >= SMALLEST:
                    message = {**message, "body": gzip.compress(body, 5, mtime=0)}
                    describe_as_gzip(headers, len(message["body"]))
            await self._send(start)
        await self._send(message)
