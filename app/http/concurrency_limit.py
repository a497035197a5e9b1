"""How many calls run at once. Calls that wait hold neither a thread nor a connection.

A call that changes something takes a place before it takes a thread. Scans have places of their
own, so that they never wait behind buyers. So have calls that hash a
password, since a hash takes a hundred times as long as a sale, and uploads, which wait for their
callers' networks. Reads, and calls that wait for
Paystack, take none.
"""

import asyncio
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any, Final, TypeVar

import anyio
from fastapi import Request

from app.domain.errors import Busy
from app.http.dependencies import client_address_of

F = TypeVar("F", bound=Callable[..., Any])

CHANGES_AT_ONCE: Final = 2
"""Calls at once that change something: the interpreter runs one thread at a time."""

SCANS_AT_ONCE: Final = 8
"""Scans at once: more than write at once, so that none of them waits for another's commit."""

PASSWORDS_AT_ONCE: Final = 4
"""Calls at once that hash a password. The hasher works on two; the others read the database."""

PASSWORDS_WAITING: Final = 100
"""Such calls that wait: about as many as are done within two seconds."""

PASSWORDS_WAITING_OF_ONE: Final = 20
"""Such calls that wait from one network, where it is known."""

UPLOADS_AT_ONCE: Final = 8
"""Uploads that are read at once; each may be as large as a picture may be."""

UPLOADS_AT_ONCE_OF_ONE: Final = 2
"""Of one network: a caller with a slow line, or one that means harm, leaves places to others."""

UPLOADS_WAITING: Final = 20
UPLOADS_WAITING_OF_ONE: Final = 5

UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""Methods that change something."""

_MARK: Final = "__place__"


class Place(Enum):
    CHANGE = "change"
    SCAN = "scan"
    HASHING = "hashing"
    UPLOAD = "upload"
    NONE = "none"


def with_priority(endpoint: F) -> F:
    """Mark an endpoint for scans at a gate, which have places of their own."""
    return _marked(endpoint, Place.SCAN)


def hashes_passwords(endpoint: F) -> F:
    """Mark an endpoint that hashes a password."""
    return _marked(endpoint, Place.HASHING)


def takes_upload(endpoint: F) -> F:
    """Mark an endpoint that reads its file itself, once it knows the sender."""
    return _marked(endpoint, Place.UPLOAD)


def waits_for_paystack(endpoint: F) -> F:
    """Mark an endpoint that calls Paystack: it would keep others from a place while it waits."""
    return _marked(endpoint, Place.NONE)


def place_of(endpoint: Callable[..., Any], methods: Collection[str] | None) -> Place:
    """The place that calls of the endpoint take: as it is marked, else as its method says."""
    default = Place.CHANGE if UNSAFE.intersection(methods or ()) else Place.NONE
    found: Place = getattr(endpoint, _MARK, default)
    return found


def _marked(endpoint: F, place: Place) -> F:
    setattr(endpoint, _MARK, place)
    return endpoint


class ConcurrencyLimit:
    """Lets a few calls run at once. The others wait, and callers are served in turn.

    A caller with a hundred calls at once lets one call of each other caller in between any two of
    them. Calls may come from several event loops.

    Args:
        at_once: calls that run.
        within: how long a call waits.
        at_once_of_one: calls of one caller that run; ``None``: as many as of all.
        most_waiting: calls that wait; ``None``: no limit.
        most_of_one: calls of one caller that wait; ``None``: no limit.
    """

    def __init__(
        self,
        *,
        at_once: int,
        within: timedelta,
        at_once_of_one: int | None = None,
        most_waiting: int | None = None,
        most_of_one: int | None = None,
    ) -> None:
        self._free = at_once
        self._within_seconds = within.total_seconds()
        self._at_once_of_one = at_once_of_one
        self._running = Counter[str]()
        """Calls that run, by caller, where a caller has a limit."""
        self._most_waiting = most_waiting
        self._most_of_one = most_of_one
        self._lock = threading.Lock()
        self._callers: OrderedDict[str, deque[_WaitingCall]] = OrderedDict()
        """The calls that wait, by caller; the first caller is served next."""
        self._waiting = 0

    @property
    def waiting(self) -> int:
        return self._waiting

    @asynccontextmanager
    async def place(self, caller: str = "") -> AsyncIterator[None]:
        """A place for the length of the block.

        Args:
            caller: whose call it is; ``""``: not known, and no limit of one caller counts.

        Raises:
            Busy: too many calls wait, or there was no place in time.
        """
        await self._enter(caller)
        try:
            yield
        finally:
            self._leave(caller)

    async def _enter(self, caller: str) -> None:
        with self._lock:
            if self._free and self._may_run(caller):
                self._free -= 1
                self._note_run(caller)
                return
            self._ensure_room(caller)
            call = _WaitingCall(asyncio.get_running_loop())
            self._callers.setdefault(caller, deque()).append(call)
            self._waiting += 1
        try:
            with anyio.move_on_after(self._within_seconds):
                await call.woken.wait()
        except BaseException:
            if not self._stop_waiting(caller, call):
                self._leave(caller)
            raise
        if not call.has_place and self._stop_waiting(caller, call):
            raise Busy

    def _ensure_room(self, caller: str) -> None:
        if self._most_waiting is not None and self._waiting >= self._most_waiting:
            raise Busy
        of_caller = len(self._callers.get(caller, ()))
        if caller and self._most_of_one is not None and of_caller >= self._most_of_one:
            raise Busy

    def _stop_waiting(self, caller: str, call: "_WaitingCall") -> bool:
        """Leave the line; tell whether that was in time, or a place was given just now."""
        with self._lock:
            if call.has_place:
                return False
            calls = self._callers[caller]
            calls.remove(call)
            self._waiting -= 1
            if not calls:
                del self._callers[caller]
            return True

    def _may_run(self, caller: str) -> bool:
        """Whether one more call of the caller may run, if there is a place."""
        most = self._at_once_of_one
        return not caller or most is None or self._running[caller] < most

    def _note_run(self, caller: str) -> None:
        if caller and self._at_once_of_one is not None:
            self._running[caller] += 1

    def _note_end(self, caller: str) -> None:
        if caller and self._at_once_of_one is not None:
            self._running[caller] -= 1
            if not self._running[caller]:
                del self._running[caller]

    def _leave(self, left: str) -> None:
        """Give the place to the next caller in turn that may have one, or free it."""
        with self._lock:
            self._note_end(left)
            caller = next((each for each in self._callers if self._may_run(each)), None)
            if caller is None:
                self._free += 1
                return
            self._note_run(caller)
            calls = self._callers.pop(caller)
            call = calls.popleft()
            self._waiting -= 1
            if calls:
                self._callers[caller] = calls
            call.has_place = True
        call.wake()


@dataclass(eq=False, slots=True)
class _WaitingCall:
    loop: asyncio.AbstractEventLoop
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    has_place: bool = False

    def wake(self) -> None:
        if self.loop is asyncio.get_running_loop():
            self.woken.set()
        else:
            self.loop.call_soon_threadsafe(self.woken.set)


class ConcurrencyLimits:
    def __init__(self, *, within: timedelta) -> None:
        self.changes = ConcurrencyLimit(at_once=CHANGES_AT_ONCE, within=within)
        self.scans = ConcurrencyLimit(at_once=SCANS_AT_ONCE, within=within)
        self.passwords = ConcurrencyLimit(
            at_once=PASSWORDS_AT_ONCE,
            within=within,
            most_waiting=PASSWORDS_WAITING,
            most_of_one=PASSWORDS_WAITING_OF_ONE,
        )
        self.uploads = ConcurrencyLimit(
            at_once=UPLOADS_AT_ONCE,
            at_once_of_one=UPLOADS_AT_ONCE_OF_ONE,
            within=within,
            most_waiting=UPLOADS_WAITING,
            most_of_one=UPLOADS_WAITING_OF_ONE,
        )

    def place(self, kind: Place, request: Request) -> AbstractAsyncContextManager[None]:
        """The place a call takes for the length of the block.

        Raises:
            Busy: too many calls wait, or there was no place in time.
        """
        match kind:
            case Place.CHANGE:
                return self.changes.place(_caller_of(request))
            case Place.SCAN:
                return self.scans.place(_caller_of(request))
            case Place.UPLOAD:
                return self.uploads.place(_network_of(request) or _caller_of(request))
            case Place.HASHING:
                return self.passwords.place(_network_of(request))
        return nullcontext()


def _caller_of(request: Request) -> str:
    """Whose call it is, before anything is looked up: the token's, or the network's."""
    return request.headers.get("authorization") or _network_of(request)


def _network_of(request: Request) -> str:
    return client_address_of(request.scope, request.app.state.trusted_proxies).network
