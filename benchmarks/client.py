"""A load generator that computes little, so that the server is what is measured."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self, TypeAlias

BETWEEN_ARRIVALS = 0.015
"""Seconds after one connection until the next one comes; each is busy at once, so that each of
several workers takes its share of them."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r", re.IGNORECASE)


class WrongAnswer(Exception):
    """The server answered, but not what it should."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One connection that is kept alive and sends one request at a time."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Self:
        """Connect to a server on this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))

    async def ask(self, method: str, path: str, *, token: str = "", body: bytes = b"") -> bytes:
        """Send a request, with a JSON body or none, and wait for the body of the answer.

        Raises:
            ConnectionError: the server hung up.
            WrongAnswer: the status is not one of success, or the body's length is not told.
        """
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if body:
            lines.append("Content-Type: application/json")
        if method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            if length is None:
                raise WrongAnswer(f"no Content-Length: {head!r}")
            content = await self.reader.readexactly(int(length[1]))
        except asyncio.IncompleteReadError as error:
            raise ConnectionError("the server hung up") from error
        if not head.startswith(b"HTTP/1.1 2"):
            raise WrongAnswer(f"{head[9:12].decode()}: {content[:300].decode(errors='replace')}")
        return content


Call: TypeAlias = Callable[[Connection, int], Awaitable[None]]
"""One unit of what is counted; the number differs from call to call."""


@dataclass
class Measurement:
    """Seconds that each call took, in all, and that the server computed; and what was wrong."""

    durations: list[float] = field(default_factory=list)
    elapsed: float = 0
    server_cpu: float = 0
    failures: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.durations) / self.elapsed if self.elapsed else 0

    @property
    def cpu_each(self) -> float:
        """Milliseconds the server computed for each call, its background work included."""
        return self.server_cpu / len(self.durations) * 1000 if self.durations else 0

    def percentile(self, percent: int) -> float:
        """Milliseconds within which this many percent of the calls were done."""
        if not self.durations:
            return float("nan")
        ordered = sorted(self.durations)
        return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)] * 1000

    def add(self, more: Self) -> None:
        """Count what another measurement of the same saw as well."""
        self.durations += more.durations
        self.elapsed += more.elapsed
        self.server_cpu += more.server_cpu
        self.failures += more.failures


async def drive(
    port: int,
    call: Call,
    *,
    connections: int,
    seconds: float,
    server_cpu: Callable[[], float],
    pause: float = 0,
) -> Measurement:
    """Keep all connections busy for some seconds; calls begun in time are waited for.

    The arrivals and a fifth of the seconds go before and are not measured: first calls compile
    statements and fill caches.

    ``server_cpu`` tells the seconds the server has computed so far; ``pause`` is how many seconds
    each connection waits between two calls.
    """
    numbers = iter(range(1_000_000_000))
    opened: list[Connection] = []
    seen, before = Measurement(), Measurement()

    async def keep_busy(connection: Connection, until: float, seen: Measurement) -> None:
        while (began := time.perf_counter()) < until:
            try:
                await call(connection, next(numbers))
            except (ConnectionError, WrongAnswer) as error:
                seen.failures.append(str(error))
                return
            seen.durations.append(time.perf_counter() - began)
            await asyncio.sleep(pause)

    async def arrive(place: int, until: float) -> None:
        await asyncio.sleep(place * BETWEEN_ARRIVALS)
        connection = await Connection.open(port)
        opened.append(connection)
        await keep_busy(connection, until, before)

    warm = time.perf_counter() + connections * BETWEEN_ARRIVALS + seconds / 5
    await asyncio.gather(*(arrive(place, warm) for place in range(connections)))
    began, cpu = time.perf_counter(), server_cpu()
    await asyncio.gather(*(keep_busy(each, began + seconds, seen) for each in opened))
    seen.elapsed = time.perf_counter() - began
    seen.server_cpu = server_cpu() - cpu
    seen.failures += before.failures
    for connection in opened:
        connection.writer.close()
    return seen
