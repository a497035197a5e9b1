"""Turns: how many calls that change something are inside at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import anyio

from app.domain.errors import Busy


class Turns:
    """Lets a few calls in at a time; the others wait in line, first come, first served.

    In a rush all buyers want the same row, and the interpreter runs one thread at a time anyway:
    more of them inside only get in each other's way. Whoever waits here holds neither a thread nor
    a connection.

    Args:
        at_once: calls inside.
        within: how long a call waits for its turn.
    """

    def __init__(self, *, at_once: int, within: timedelta) -> None:
        self._limiter = anyio.CapacityLimiter(at_once)
        self._within_seconds = within.total_seconds()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A turn, for the length of the block.

        Raises:
            Busy: it did not come in time.
        """
        whose = object()
        try:
            with anyio.fail_after(self._within_seconds):
                await self._limiter.acquire_on_behalf_of(whose)
        except TimeoutError:
            raise Busy from None
        try:
            yield
        finally:
            self._limiter.release_on_behalf_of(whose)
