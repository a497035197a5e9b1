"""What the programs here share: how they begin, end, and measure one scenario."""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import uvloop

from benchmarks.client import Measurement, WrongAnswer, drive
from benchmarks.scenarios import Scenario, Shop
from benchmarks.servers import cpu_seconds
from tests.postgres_server import PostgresServer

T = TypeVar("T")

DATABASES = ("sqlite", "postgresql")


def run_as_program(main: Callable[[], int]) -> NoReturn:
    """Run and exit. Asked to stop, it still ends what it started: its blocks are left in order.

    A shell's background jobs begin with Ctrl-C ignored, so it is asked for again.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def add_databases(parser: argparse.ArgumentParser) -> None:
    """Let the user choose ``--database``; `databases_of` tells which."""
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")


def databases_of(given: argparse.Namespace) -> Sequence[str]:
    """The databases the user chose."""
    return DATABASES if given.database == "both" else (given.database,)


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder for everything that is written, gone in the end."""
    with tempfile.TemporaryDirectory(prefix="tickets-bench-") as folder:
        yield Path(folder)


@contextmanager
def server_of(database: str) -> Iterator[str | None]:
    """A superuser's URL of a durable PostgreSQL; ``None`` for SQLite, which needs no server."""
    if database == "sqlite":
        yield None
        return
    with PostgresServer(durable=True) as server:
        yield server.url


def in_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run it in an event loop that costs the load generator least."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def measure(scenario: Scenario, shop: Shop, *, connections: int, seconds: float) -> Measurement:
    """Prepare the scenario, then repeat its call. Failing to prepare is a failure too."""

    async def prepare_and_drive() -> Measurement:
        try:
            call = await scenario.prepare(shop)
        except (ConnectionError, WrongAnswer) as error:
            return Measurement(failures=[f"while preparing: {error}"])
        return await drive(
            shop.port,
            call,
            connections=connections,
            seconds=seconds,
            server_cpu=lambda: cpu_seconds(shop.process_id),
        )

    return in_loop(prepare_and_drive())
