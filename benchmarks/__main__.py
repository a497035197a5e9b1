"""Measures real servers: calls a second, how long they take, and what the server computes for each.

    python -m benchmarks [--database sqlite] [--only list door] [--workers 2] [--seconds 5]
    python -m benchmarks --against ../before [--turns 3]

With ``--against`` the shop of another checkout runs beside this one and both are measured in turn,
so that a slow minute of the machine slows both; the last line has the median ratio of the turns.
Alone, compare the computing time: it depends least on what else the machine does. The exit code
tells whether all answers were right.
"""

import argparse
import asyncio
import gc
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Final

import uvloop

from benchmarks.client import Measurement, WrongAnswer, drive
from benchmarks.scenarios import SCENARIOS, Scenario
from benchmarks.shops import Shop, database_of, open_shop

HERE: Final = Path(__file__).resolve().parents[1]
TITLES: Final = {
    "sqlite": "SQLite, WAL, synchronous=FULL",
    "postgresql": "PostgreSQL, fsync and synchronous commits on, over a Unix socket",
}
COLUMNS: Final = ("per second", "p50 ms", "p95 ms", "p99 ms", "cpu ms", "failed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return on how many databases an answer was wrong."""
    options = parse(arguments)
    print(
        f"{options.events:,} events, {options.connections} connections, "
        f"{options.seconds:g} s each, workers: {options.workers}"
    )
    kinds = list(TITLES) if options.database == "both" else [options.database]
    return sum(not measure_on(kind, options) for kind in kinds)


def measure_on(kind: str, options: argparse.Namespace) -> bool:
    """Fill the table of one database; tell whether all answers were right."""
    print(f"\n{TITLES[kind]}\n{'':<44}" + "".join(f"{column:>11}" for column in COLUMNS))
    checkouts = [HERE, *([options.against.resolve(strict=True)] if options.against else [])]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tickets-bench-")))
        urls = stack.enter_context(database_of(kind, folder, len(checkouts)))
        shops = [
            stack.enter_context(open_shop(checkout, url, options))
            for checkout, url in zip(checkouts, urls, strict=True)
        ]
        clean = [compare(SCENARIOS[name], shops, options) for name in options.only]
    return all(clean)


def compare(scenario: Scenario, shops: Sequence[Shop], options: argparse.Namespace) -> bool:
    """Measure the shops in turns and print what was seen; tell whether all answers were right."""
    turns = options.turns if len(shops) > 1 else 1
    rounds = [[in_loop(scenario, shop, options) for shop in shops] for _ in range(turns)]
    clean = []
    for which, seen in zip(("", " (other)"), zip(*rounds, strict=True), strict=False):
        clean.append(print_row(scenario.about + which, [first for first, _ in seen]))
        if scenario.beside:
            about = f"{SCENARIOS[scenario.beside].about}, beside it{which}"
            clean.append(print_row(about, [second for _, second in seen]))
    if len(shops) > 1 and all(clean):
        rate = median(one.per_second / other.per_second for (one, _), (other, _) in rounds)
        p99 = median(one.percentile(99) / other.percentile(99) for (one, _), (other, _) in rounds)
        print(f"    this: {rate:.0%} of the calls a second, {p99:.0%} of the p99", flush=True)
    return all(clean)


def in_loop(
    scenario: Scenario, shop: Shop, options: argparse.Namespace
) -> tuple[Measurement, Measurement]:
    """Measure the scenario, and what is done beside it."""

    async def one(scenario: Scenario) -> Measurement:
        try:
            return await drive(
                shop.server.port,
                await scenario.prepare(shop),
                connections=scenario.connections or options.connections,
                seconds=options.seconds,
                server_cpu=shop.cpu_seconds,
                pause=scenario.pause,
            )
        except (ConnectionError, WrongAnswer) as error:
            return Measurement(failures=[f"while preparing: {error}"])

    async def both() -> tuple[Measurement, Measurement]:
        if scenario.beside is None:
            return await one(scenario), Measurement()
        first, second = await asyncio.gather(one(scenario), one(SCENARIOS[scenario.beside]))
        return first, second

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(both())


def print_row(about: str, parts: Sequence[Measurement]) -> bool:
    """One line of the table; tell whether all answers were right."""
    seen = Measurement()
    for part in parts:
        seen.add(part)
    times = "".join(f"{seen.percentile(percent):>11.1f}" for percent in (50, 95, 99))
    print(
        f"{about:<44}{seen.per_second:>11,.0f}{times}{seen.cpu_each:>11.2f}{len(seen.failures):>11}",
        flush=True,
    )
    if seen.failures or not seen.durations:
        print(f"    WRONG: {(seen.failures or ['nothing was done'])[0]}", flush=True)
    return not seen.failures and bool(seen.durations)


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("benchmarks", description=__doc__, formatter_class=raw)
    parser.add_argument("--database", choices=(*TITLES, "both"), default="both")
    parser.add_argument("--only", nargs="+", choices=[*SCENARIOS], default=SCENARIOS)
    parser.add_argument("--seconds", type=float, default=5.0, help="for each scenario and turn")
    parser.add_argument("--connections", type=int, default=16, help="as many buyers")
    parser.add_argument("--workers", type=int, default=1, help="processes of the server")
    parser.add_argument("--events", type=int, default=500, help="in the list; at least 22")
    parser.add_argument("--tickets", type=int, default=500, help="to show and to scan")
    parser.add_argument("--against", type=Path, help="another checkout of the project")
    parser.add_argument("--turns", type=int, default=3, help="with --against")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # ends its servers too
    gc.disable()  # a collection would look like a slow answer of the server
    sys.exit(main())
