"""A wire to the provider's simulator, on this machine, that breaks as told."""

import socket

import httpx

from app.paystack_mock.simulator import PaystackMock
from tests.programs import loopback
from tests.programs.in_process import InProcess
from tests.programs.loopback import Asked, Script, head, read_request

NOT_NOW = b'{"status": false, "message": "Not now"}'


def saying(status: int, body: bytes = NOT_NOW, *more: str) -> Script:
    """Answer one request so, whatever it asked."""

    def script(connection: socket.socket) -> None:
        connection.sendall(head(status, len(body), *more) + body)

    return script


HTML = saying(200, b"<html><body>Sign in to the network</body></html>")

AFTER_THE_REQUEST = {
    "read time-out": loopback.never_answering,
    "reset after headers": loopback.resetting_after_headers,
    "half a body": loopback.halving_the_body,
    "slow drip": loopback.dripping_body,
    "200 with HTML": HTML,
    "500": saying(500),
    "502": saying(502),
    "503": saying(503, b""),
}
"""Faults that may hide that the provider did what it was asked to."""

REFUSALS = {
    "200 with status false": saying(200),
    "400": saying(400),
    "401": saying(401),
    "404": saying(404),
    "429": saying(429, NOT_NOW, "x-ratelimit-reset: 30"),
}

NO_WIRE = ("connection refused", "connect time-out", "TLS error")
FAULTS = (*NO_WIRE, *AFTER_THE_REQUEST, *REFUSALS)


class Wire:
    """Leads to the simulator; where it is broken, calls reach it only if answers alone are lost."""

    def __init__(self, mock: PaystackMock) -> None:
        self._provider = httpx.Client(
            transport=InProcess(mock.app), base_url="http://paystack.test"
        )
        self._broken: Script | None = None
        self._loses_answers_of = ""

    def breaks(self, how: Script, *, loses_answers_of: str = "") -> None:
        """Break from now on; or only lose the answers to calls of this HTTP method."""
        self._broken, self._loses_answers_of = how, loses_answers_of

    def script(self, connection: socket.socket) -> None:
        while (asked := read_request(connection)) is not None:
            broken = self._broken if self._loses_answers_of in ("", asked.method) else None
            if broken is not None and not self._loses_answers_of:
                broken(connection)
                return
            answer = self._ask(asked)
            if broken is not None:
                broken(connection)
                return
            connection.sendall(head(answer.status_code, len(answer.content)) + answer.content)

    def _ask(self, asked: Asked) -> httpx.Response:
        kept = {
            name: value
            for name, value in asked.headers.items()
            if name in {"authorization", "content-type"}
        }
        return self._provider.request(asked.method, asked.path, headers=kept, content=asked.body)

    def close(self) -> None:
        self._provider.close()
