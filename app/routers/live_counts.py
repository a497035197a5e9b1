"""Counts as they change, for many who watch: one query a second, however many they are."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import anyio.to_thread

from app.domain.deadlines import CALL_ENDS_AT
from app.domain.errors import TooManyStreams
from app.domain.ids import EventId

MOST_STREAMS: Final = 200
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
    """

    def __init__(
        self,
        count: Callable[[EventId], bytes],
        *,
        stream_for: timedelta = STREAM_FOR,
        most: int = MOST_STREAMS,
    ) -> None:
        self._count = count
        self._stream_for = stream_for.total_seconds()
        self._most = most
        self._events: dict[EventId, _Latest] = {}

    @property
    def streams(self) -> int:
        """Streams that are open."""
        return sum(latest.watched_by for latest in self._events.values())

    def ensure_room(self) -> None:
        """Check that one more stream may be opened.

        Raises:
            TooManyStreams: it may not.
        """
        if self.streams >= self._most:
            raise TooManyStreams

    async def stream(
        self, event_id: EventId, *, at_most: timedelta = STREAM_FOR
    ) -> AsyncGenerator[bytes, None]:
        """The counts now, and again whenever they are others, until the stream's time is over."""
        loop = asyncio.get_running_loop()
        until = loop.time() + min(self._stream_for, at_most.total_seconds())
        told = b""
        with self._watching(event_id) as latest:
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
    def _watching(self, event_id: EventId) -> Iterator[_Latest]:
        latest = self._events.setdefault(event_id, _Latest())
        latest.watched_by += 1
        try:
            yield latest
        finally:
            latest.watched_by -= 1
            if not latest.watched_by:
                del self._events[event_id]
