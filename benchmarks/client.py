"""A load generator so cheap that the server, not it, is what is measured."""

import asyncio
import gc
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, TypeAlias, cast

PATIENCE = timedelta(seconds=60)
"""How much longer than planned a measurement may take before it is given up."""

BETWEEN_ARRIVALS = timedelta(milliseconds=15)
"""How long after one connection the next one comes. Each gets busy at once.

Of those that come to a server at rest, the worker process that happens to wake first takes most,
and the figures are those of one worker or of two by chance. Of two that work, each takes its share.
"""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r", re.IGNORECASE)


class WrongAnswer(Exception):
    """The server answered, but not what it should."""


class Answer(NamedTuple):
    """What came back; ``head`` is the status line with the header lines as they came."""

    status: int
    head: bytes
    body: bytes


class Connection(asyncio.Protocol):
    """One connection that is kept alive and asks one thing at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Answer] | None = None
        self._seen = bytearray()
        self._body_begins = self._body_ends = 0

    async def ask(self, request: bytes) -> Answer:
        """Send a whole request and wait for the whole answer.

        Raises:
            ConnectionError: the server hung up.
            WrongAnswer: the status is not one of success, or the body's length is not announced.
        """
        if self._transport is None:
            raise ConnectionError("the connection is closed")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        answer = await self._waiting
        if answer.status // 100 != 2:
            raise WrongAnswer(f"{answer.status}: {answer.body[:300].decode(errors='replace')}")
        return answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionError(f"the server hung up: {exc}"))

    def data_received(self, data: bytes) -> None:
        self._seen += data
        if self._waiting is None or self._waiting.done():
            return
        if not self._body_begins and not self._read_head(self._waiting):
            return
        if len(self._seen) >= self._body_ends:
            self._finish(self._waiting)

    def _read_head(self, waiting: "asyncio.Future[Answer]") -> bool:
        """Look for the end of the header lines; tell whether the body's length is known now."""
        end = self._seen.find(b"\r\n\r\n")
        if end < 0:
            return False
        length = _LENGTH.search(self._seen, 0, end + 2)
        if length is None:
            waiting.set_exception(WrongAnswer("the answer has no Content-Length"))
            return False
        self._body_begins = end + 4
        self._body_ends = self._body_begins + int(length[1])
        return True

    def _finish(self, waiting: "asyncio.Future[Answer]") -> None:
        seen = bytes(self._seen)
        answer = Answer(
            int(seen[9:12]), seen[: self._body_begins], seen[self._body_begins : self._body_ends]
        )
        self._seen.clear()
        self._body_begins = self._body_ends = 0
        waiting.set_result(answer)


async def connect(port: int) -> Connection:
    """A connection to a server on this machine."""
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(Connection, "127.0.0.1", port)
    return connection


Call: TypeAlias = Callable[[Connection, int], Awaitable[None]]
"""One unit of what is counted; the number differs from call to call."""


@dataclass
class Measurement:
    """What was seen while the load was on.

    ``client_share`` is how busy the load generator kept its core; near 1 it is the bottleneck.
    ``server_cpu`` is what the server computed, in seconds; 0 where that cannot be told.
    """

    durations: list[float] = field(default_factory=list)
    elapsed: float = 0
    client_share: float = 0
    server_cpu: float = 0
    failures: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.durations) / self.elapsed if self.elapsed else 0

    @property
    def server_cpu_each(self) -> float:
        """Milliseconds the server computed for each call, its background work included."""
        return self.server_cpu / len(self.durations) * 1000 if self.durations else 0

    def percentile(self, percent: int) -> float:
        """Milliseconds within which this many percent of the calls were done."""
        if not self.durations:
            return float("nan")
        ordered = sorted(self.durations)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] * 1000


def together(parts: Sequence[Measurement]) -> Measurement:
    """Several measurements of one thing as one."""
    elapsed = sum(part.elapsed for part in parts)
    return Measurement(
        durations=[duration for part in parts for duration in part.durations],
        elapsed=elapsed,
        client_share=sum(part.client_share * part.elapsed for part in parts) / (elapsed or 1),
        server_cpu=sum(part.server_cpu for part in parts),
        failures=[failure for part in parts for failure in part.failures],
    )


async def drive(
    port: int,
    call: Call,
    *,
    connections: int,
    seconds: float,
    server_cpu: Callable[[], float],
) -> Measurement:
    """Keep all connections busy for some seconds; calls begun in time are waited for.

    What goes before (`warm_up_seconds`) is not measured: the first calls compile statements and
    fill caches. ``server_cpu`` tells the seconds the server has computed so far.

    Raises:
        TimeoutError: calls take far longer than planned.
    """
    before, measured = Measurement(), Measurement()
    warm_up = warm_up_seconds(connections, seconds)
    with _never_pausing(), closing(_Callers(port, call)) as callers:
        async with asyncio.timeout(warm_up + seconds + PATIENCE.total_seconds()):
            await callers.arrive(connections, time.perf_counter() + warm_up, before)
            began, cpu_began = time.perf_counter(), time.process_time()
            server_began = server_cpu()
            await callers.call(began + seconds, measured)
    measured.elapsed = time.perf_counter() - began
    measured.server_cpu = server_cpu() - server_began
    measured.client_share = (time.process_time() - cpu_began) / measured.elapsed
    measured.failures += before.failures
    return measured


class _Callers:
    """Connections over which the same is called again and again."""

    def __init__(self, port: int, call: Call) -> None:
        self._port, self._call = port, call
        self._numbers = iter(range(1_000_000_000))
        self._connections: list[Connection] = []

    async def arrive(self, amount: int, until: float, seen: Measurement) -> None:
        """Connect one after the other; each calls from then on."""

        async def come(place: int) -> None:
            await asyncio.sleep(place * BETWEEN_ARRIVALS.total_seconds())
            connection = await connect(self._port)
            self._connections.append(connection)
            await self._keep_busy(connection, until, seen)

        await asyncio.gather(*(come(place) for place in range(amount)))

    async def call(self, until: float, seen: Measurement) -> None:
        await asyncio.gather(*(self._keep_busy(each, until, seen) for each in self._connections))

    async def _keep_busy(self, connection: Connection, until: float, seen: Measurement) -> None:
        while (began := time.perf_counter()) < until:
            try:
                await self._call(connection, next(self._numbers))
            except ConnectionError as error:
                seen.failures.append(str(error))
                return
            except WrongAnswer as error:
                seen.failures.append(str(error))
            else:
                seen.durations.append(time.perf_counter() - began)

    def close(self) -> None:
        for connection in self._connections:
            connection.close()


def warm_up_seconds(connections: int, seconds: float) -> float:
    """How long all connections take to arrive, and then a fifth of the time that is measured."""
    return connections * BETWEEN_ARRIVALS.total_seconds() + seconds / 5


@contextmanager
def _never_pausing() -> Iterator[None]:
    """Put garbage collection off: one through all modules takes 100 ms, which callers would seem
    to have waited."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
