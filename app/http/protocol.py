"""How uvicorn reads requests for the shop: with bounds on their headers and on their time.

Start with the words of `SERVER_FLAGS`; the Makefile and the Dockerfile do.
"""

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.http.middleware import SLOWEST_BODY, announced_length

SERVER_FLAGS: Final = (
    *("--http", "app.http.protocol:TimedProtocol"),
    *("--limit-concurrency", "800"),
    "--no-server-header",
)
"""What a server in production is started with.

A process takes at most 800 connections, idle ones too, and answers 503 above that: each is an open
file, of which most systems allow a process 1,024.
"""

_TIMED_OUT: Final = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


BROKEN_OFF: Final = "ticketing.broken_off"
"""Set in the scope of a call whose answer is broken off when the server stops: its caller asks
again, and the stop would wait for its end.
"""


class TimedProtocol(H11Protocol):
    """h11, which takes at most 64 KiB of headers, and closes the connections of slow callers.

    ``headers_within``: from the connection, or from the answer before, to the end of a request's
    headers. ``body_within``: from there to the end of its body, and longer for one that announces
    its length: by ``slowest`` bytes a second, but no more than ``longest_more``, so that a picture
    comes through a slow network. ``taken_within``: how long a caller may leave an answer that waits
    to be sent. Times are in seconds.
    """

    headers_within = 15.0
    body_within = 30.0
    taken_within = 30.0
    slowest = SLOWEST_BODY
    longest_more = 180.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._awaited: object = None
        self._reading: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._reading, self._writing):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops: finish the answer that is under way, but for one to break off."""
        super().shutdown()
        if self.scope is not None and BROKEN_OFF in self.scope:
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writing = self.loop.call_later(self.taken_within, self.transport.abort)

    def resume_writing(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
        super().resume_writing()

    def _watch(self) -> None:
        """Set the time limit of what is read now. More bytes of the same do not extend it."""
        state = self.conn.their_state
        awaited = state if state in (h11.IDLE, h11.SEND_BODY) else None
        if awaited is self._awaited and awaited is not None:
            return
        self._awaited = awaited
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if awaited is not None:
            limit = self.headers_within if awaited is h11.IDLE else self._seconds_for_body()
            self._reading = self.loop.call_later(limit, self._give_up)

    def _seconds_for_body(self) -> float:
        more = announced_length(self.scope["headers"]) / self.slowest
        return self.body_within + min(more, self.longest_more)

    def _give_up(self) -> None:
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.write(_TIMED_OUT)
        self.transport.close()
