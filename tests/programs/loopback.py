"""A server on this machine that misbehaves as told: sockets keep to time-outs, fakes do not."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

WAIT = 10.0
BODY = (
    b'{"status": true, "message": "Verification successful", "data": {"id": 1, "status": "success",'
    b' "reference": "TCK-1", "amount": 5000, "currency": "NGN", "fees": 75, "paid_at": null}}'
)

TLS_GREETING = b"\x16\x03"
"""A handshake record of any version (RFC 8446, section 5.1)."""

Script = Callable[[socket.socket], None]
"""What is done to a connection; it is closed afterwards."""


class Loopback:
    """Plays one script to every connection: respx enforces no time-outs, sockets do."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                player = threading.Thread(target=self._play, args=(connection,))
                self._threads.append(player)
                player.start()

    def _play(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            self._script(connection)

    def stop(self) -> None:
        for broken in (self._listener, *self._connections):
            with suppress(OSError):
                broken.shutdown(socket.SHUT_RDWR)
            broken.close()
        for thread in self._threads:
            thread.join(timeout=WAIT)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def read_request(connection: socket.socket) -> Asked | None:
    """Read one request; ``None`` if the other side hung up instead, or speaks TLS."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        chunk = connection.recv(65536)
        if not chunk or chunk.startswith(TLS_GREETING):
            return None
        seen += chunk
    first, *lines = seen.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    body = seen.partition(b"\r\n\r\n")[2]
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Asked(method, path, headers, body)


def after_reading(script: Script) -> Script:
    """The same, once there was a request."""

    def read_first(connection: socket.socket) -> None:
        if read_request(connection) is not None:
            script(connection)

    return read_first


def answering(answer: bytes) -> Script:
    """Give every request this answer."""

    def script(connection: socket.socket) -> None:
        while read_request(connection) is not None:
            connection.sendall(answer)

    return script


def head(status: int = 200, length: int = len(BODY), *more: str) -> bytes:
    """The beginning of an answer whose body has this length."""
    lines = [f"HTTP/1.1 {status} Whatever", "Content-Type: application/json", *more]
    return "\r\n".join([*lines, f"Content-Length: {length}", "", ""]).encode()


def never_answering(connection: socket.socket) -> None:
    _until_closed(connection)


def hanging_after_headers(connection: socket.socket) -> None:
    connection.sendall(head())
    _until_closed(connection)


def dripping_headers(connection: socket.socket) -> None:
    _drip(connection, head(200, len(BODY), "X-Padding: " + "x" * 100) + BODY)


def dripping_body(connection: socket.socket) -> None:
    connection.sendall(head())
    _drip(connection, BODY)


def resetting_after_headers(connection: socket.socket) -> None:
    connection.sendall(head())
    # Lingering for no time at all makes close() send a reset instead of an orderly end.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def closing_without_an_answer(_: socket.socket) -> None:
    """Hang up."""


def halving_the_body(connection: socket.socket) -> None:
    connection.sendall(head() + BODY[: len(BODY) // 2])


def speaking_another_protocol(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")
    _until_closed(connection)


def _drip(connection: socket.socket, text: bytes, pause: float = 0.05) -> None:
    for position in range(len(text)):
        connection.sendall(text[position : position + 1])
        time.sleep(pause)


def _until_closed(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass
