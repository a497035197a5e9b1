"""Counts as they change, for many who watch: one query a second, however many they are."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import anyio.to_thread
from fastapi import Request
from fastapi.responses import StreamingResponse

from app.domain.errors import TooManyStreams
from app.domain.ids import EventId
from app.domain.operations.clocks import CALL_ENDS_AT
from app.http.protocol import BROKEN_OFF

MOST_STREAMS: Final = 200
MOST_OF_ONE: Final = 8
"""Of one account or scanner."""
MOST_OF_EVENT: Final = 50
"""Of one event: its organizer can make any number of scanners."""
EVERY: Final = timedelta(seconds=1)
STREAM_FOR: Final = timedelta(seconds=30)
"""After so long a stream ends and is opened again: a login that was ended watches no longer."""


@dataclass
class _Latest:
    """What was counted last, and for whom it is counted again."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    at: float = float("-inf")
    counts: bytes = b""
    watched_by: int = 0


class LiveCounts:
    """Streams of server-sent events (WHATWG HTML, section 9.2) that hold no thread while they wait.

    Args:
        count: the counts of an event as JSON; it asks the database.
        stream_for: how long a stream lasts.
        most: streams at once, in this process.
        most_of_one: streams of one caller among them.
        most_of_event: streams of one event among them.
    """

    def __init__(
        self,
        count: Callable[[EventId], bytes],
        *,
        stream_for: timedelta = STREAM_FOR,
        most: int = MOST_STREAMS,
        most_of_one: int = MOST_OF_ONE,
        most_of_event: int = MOST_OF_EVENT,
    ) -> None:
        self._count = count
        self._stream_for = stream_for.total_seconds()
        self._most = most
        self._most_of_one = most_of_one
        self._most_of_event = most_of_event
        self._of_callers: Counter[str] = Counter()
        self._events: dict[EventId, _Latest] = {}

    @property
    def streams(self) -> int:
        """Streams that are open."""
        return sum(latest.watched_by for latest in self._events.values())

    def ensure_room(self, event_id: EventId, caller: str) -> None:
        """Check that this caller may open one more stream of the event.

        Raises:
            TooManyStreams: too many are open, of all, of the caller or of the event.
        """
        if not self._has_room(event_id, caller):
            raise TooManyStreams

    def _has_room(self, event_id: EventId, caller: str) -> bool:
        of_event = self._events[event_id].watched_by if event_id in self._events else 0
        return (
            self.streams < self._most
            and self._of_callers[caller] < self._most_of_one
            and of_event < self._most_of_event
        )

    def answer(
        self, request: Request, event_id: EventId, *, caller: str, at_most: timedelta = STREAM_FOR
    ) -> StreamingResponse:
        """The stream as an answer that nothing on its way keeps or collects."""
        request.scope[BROKEN_OFF] = True
        return StreamingResponse(
            self.stream(event_id, caller=caller, at_most=at_most),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def stream(
        self, event_id: EventId, *, caller: str, at_most: timedelta = STREAM_FOR
    ) -> AsyncGenerator[bytes, None]:
        """The counts now, and again whenever they are others, until the stream's time is over.

        It ends at once if others took the room since it was looked for.
        """
        if not self._has_room(event_id, caller):
            yield b"retry: 10000\n\n"
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + min(self._stream_for, at_most.total_seconds())
        told = b""
        with self._watching(event_id, caller) as latest:
            yield b"retry: 1000\n\n"
            while True:
                counts = await self._counts(event_id, latest)
                if counts != told:
                    told = counts
                    yield b"event: counts\ndata: " + counts + b"\n\n"
                if loop.time() + EVERY.total_seconds() > until:
                    return
                await asyncio.sleep(EVERY.total_seconds())

    async def _counts(self, event_id: EventId, latest: _Latest) -> bytes:
        async with latest.asking:
            now = asyncio.get_running_loop().time()
            if now - latest.at >= EVERY.total_seconds() * 0.9:
                CALL_ENDS_AT.set(None)  # a stream lasts longer than a call waits for the database
                latest.counts = await anyio.to_thread.run_sync(self._count, event_id)
                latest.at = now
            return latest.counts

    @contextmanager
    def _watching(self, event_id: EventId, caller: str) -> Iterator[_Latest]:
        latest = self._events.setdefault(event_id, _Latest())
        latest.watched_by += 1
        self._of_callers[caller] += 1
        try:
            yield latest
        finally:
            self._of_callers[caller] -= 1
            if not self._of_callers[caller]:
                del self._of_callers[caller]
            latest.watched_by -= 1
            if not latest.watched_by:
                del self._events[event_id]
