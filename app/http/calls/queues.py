"""Limits of calls inside at once. Those that wait hold neither a thread nor a connection."""

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

import anyio

from app.domain.errors import Busy

F = TypeVar("F", bound=Callable[..., Any])

_MARK: Final = "__hashes_passwords__"


def hashes_passwords(endpoint: F) -> F:
    """Mark an endpoint that hashes a password: few of them are inside at once."""
    setattr(endpoint, _MARK, True)
    return endpoint


def is_hashing(endpoint: Callable[..., Any]) -> bool:
    """Whether the endpoint is marked so."""
    return getattr(endpoint, _MARK, False)


class FairQueue:
    """Lets a few calls in at a time. The others wait, and callers are served in turn.

    Whoever sends a hundred calls at once lets one call of each other caller in between any two of
    them. Calls may come from several event loops.

    Args:
        at_once: calls inside.
        within: how long a call waits.
        most_waiting: calls that wait; ``None``: as many as come.
        most_of_one: calls of one caller that wait; ``None``: as many as come.
    """

    def __init__(
        self,
        *,
        at_once: int,
        within: timedelta,
        most_waiting: int | None = None,
        most_of_one: int | None = None,
    ) -> None:
        self._free = at_once
        self._within_seconds = within.total_seconds()
        self._most_waiting = most_waiting
        self._most_of_one = most_of_one
        self._lock = threading.Lock()
        self._lines: OrderedDict[str, deque[_Call]] = OrderedDict()
        """The calls that wait, by caller; the first caller is served next."""
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Calls that wait."""
        return self._waiting

    @asynccontextmanager
    async def place(self, caller: str = "") -> AsyncIterator[None]:
        """A place inside, for the length of the block.

        Args:
            caller: whose call it is; ``""``: not known, and not limited by ``most_of_one``.

        Raises:
            Busy: too many calls wait, or there was no place in time.
        """
        await self._enter(caller)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, caller: str) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            self._ensure_room(caller)
            call = _Call(asyncio.get_running_loop(), asyncio.Event())
            self._lines.setdefault(caller, deque()).append(call)
            self._waiting += 1
        try:
            with anyio.move_on_after(self._within_seconds):
                await call.woken.wait()
        except BaseException:
            if not self._give_up(caller, call):
                self._leave()
            raise
        if not call.has_place and self._give_up(caller, call):
            raise Busy

    def _ensure_room(self, caller: str) -> None:
        if self._most_waiting is not None and self._waiting >= self._most_waiting:
            raise Busy
        its_own = len(self._lines.get(caller, ()))
        if caller and self._most_of_one is not None and its_own >= self._most_of_one:
            raise Busy

    def _give_up(self, caller: str, call: "_Call") -> bool:
        """Wait no longer; tell whether that was in time, or a place was given just now."""
        with self._lock:
            if call.has_place:
                return False
            line = self._lines[caller]
            line.remove(call)
            self._waiting -= 1
            if not line:
                del self._lines[caller]
            return True

    def _leave(self) -> None:
        """Give the place to the next caller in turn."""
        with self._lock:
            if not self._lines:
                self._free += 1
                return
            caller, line = self._lines.popitem(last=False)
            call = line.popleft()
            self._waiting -= 1
            if line:
                self._lines[caller] = line
            call.has_place = True
        if call.loop is asyncio.get_running_loop():
            call.woken.set()
        else:
            call.loop.call_soon_threadsafe(call.woken.set)


@dataclass(eq=False, slots=True)
class _Call:
    """A call that waits."""

    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event
    has_place: bool = False
