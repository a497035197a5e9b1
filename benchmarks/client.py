"""A load generator so cheap that the server, not it, is what is measured."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, TypeAlias, cast

PATIENCE = timedelta(seconds=60)
"""How much longer than planned a measurement may take before it is given up."""

BETWEEN_ARRIVALS = timedelta(milliseconds=5)
"""How long after one connection the next one comes.

Of those that come in one rush to a server at rest, the worker process that wakes first takes most:
the other is idle from then on, and the figures are those of one worker or of two by chance.
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

    A fifth of the time goes before, unmeasured: the first calls compile statements and fill caches.
    ``server_cpu`` tells the seconds the server has computed so far.

    Raises:
        TimeoutError: calls take far longer than planned.
    """
    numbers = iter(range(1_000_000_000))
    async with asyncio.timeout(seconds * 1.2 + PATIENCE.total_seconds()):
        opened: list[Connection] = []
        try:
            for _ in range(connections):
                opened.append(await connect(port))
                await asyncio.sleep(BETWEEN_ARRIVALS.total_seconds())
            warm_up = Measurement()
            await _keep_busy(opened, call, numbers.__next__, seconds / 5, warm_up)
            measured = Measurement(failures=warm_up.failures)
            began, cpu_began = time.perf_counter(), time.process_time()
            server_began = server_cpu()
            await _keep_busy(opened, call, numbers.__next__, seconds, measured)
            measured.elapsed = time.perf_counter() - began
            measured.server_cpu = server_cpu() - server_began
            measured.client_share = (time.process_time() - cpu_began) / measured.elapsed
        finally:
            for connection in opened:
                connection.close()
    return measured


async def _keep_busy(
    connections: list[Connection],
    call: Call,
    next_number: Callable[[], int],
    seconds: float,
    into: Measurement,
) -> None:
    until = time.perf_counter() + seconds

    async def repeat(connection: Connection) -> None:
        while (began := time.perf_counter()) < until:
            try:
                await call(connection, next_number())
            except ConnectionError as error:
                into.failures.append(str(error))
                return
            except WrongAnswer as error:
                into.failures.append(str(error))
            else:
                into.durations.append(time.perf_counter() - began)

    await asyncio.gather(*(repeat(connection) for connection in connections))
