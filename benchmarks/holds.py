"""Measures a sale in a rush: places held, and tickets bought, of one ticket type and of many.

    python -m benchmarks.holds [--database sqlite] [--workers 1 2] [--seconds 5] [--past 10000] …

Each line stands beside the same transaction made by the database alone in the same minute, as
``benchmarks/baselines.py`` has it; ``of raw`` is the share. With one worker the server has a core
of its own; two share all cores with the rest. The last lines show what a long past costs: a shop with ten
times as many past orders takes turns with one that has few, so that a slow minute of the machine
slows both.
"""

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.baselines import Baseline
from benchmarks.client import Measurement, together
from benchmarks.report import milliseconds_to_sync
from benchmarks.running import (
    add_databases,
    databases_of,
    measure,
    run_as_program,
    server_of,
    work_folder,
)
from benchmarks.scenarios import BUYING_HOT, HOLDING, HOLDING_SPREAD, HOT_EVENTS, Scenario, Shop
from benchmarks.seeding import held_places
from benchmarks.servers import share_cores
from benchmarks.shops import Place, open_shop

TURNS: Final = 8
"""How often each of two shops that are compared is measured."""

RAW_CLIENTS: Final = 8
"""Inside the database at once for the baseline: more make a hot row slower."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    databases: Sequence[str]
    workers: Sequence[int]
    buyers: int
    seconds: float
    past: int
    only: Sequence[str]


class Rush:
    """Prints a line for each measurement, and remembers whether all were right."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.is_clean = True

    def begin(self, title: str) -> None:
        print(
            f"\n{title}\n{'':<42}{'per second':>11}{'p50 ms':>9}{'p99 ms':>9}"
            f"{'raw':>8}{'of raw':>8}{'cpu ms':>8}{'client':>8}{'failed':>8}"
        )

    def measure(self, place: Place, scenario: Scenario, *, workers: int, past: int) -> None:
        with open_shop(place, workers=workers, past_orders=past) as (shop, url):
            baseline = Baseline(url, self._options.seconds / 2, RAW_CLIENTS)
            hot = shop.seeds.ticket_type_ids[: HOT_EVENTS if scenario is HOLDING_SPREAD else 1]
            raw = baseline.sales(hot) if scenario is BUYING_HOT else baseline.holds(hot)
            before = held_places(url)
            seen = self._measured(shop, scenario)
            held = held_places(url) - before
        self._print(f"{scenario.about}, {workers} w., {past:,} past", seen, raw)
        if scenario is not BUYING_HOT and held < len(seen.durations):
            self._complain(f"{len(seen.durations)} orders, but {held} places held")

    def compare_pasts(self, place: Place, *, workers: int, past: int) -> None:
        pasts = (past, 10 * past)
        with ExitStack() as stack:
            shops = [
                stack.enter_context(open_shop(place, workers=workers, past_orders=amount))[0]
                for amount in pasts
            ]
            turns = [[self._measured(shop, HOLDING) for shop in shops] for _ in range(TURNS)]
        for amount, seen in zip(pasts, zip(*turns, strict=True), strict=True):
            self._print(f"hold, in turns, {workers} w., {amount:,} past", together(seen))
        if self.is_clean:
            rate = median(many.per_second / few.per_second for few, many in turns)
            cpu = median(many.server_cpu_each / few.server_cpu_each for few, many in turns)
            print(
                f"    ten times as many past orders: {rate:.0%} of the orders a second, "
                f"{cpu:.0%} of the computing for each (medians of {TURNS} turns)",
                flush=True,
            )

    def _measured(self, shop: Shop, scenario: Scenario) -> Measurement:
        options = self._options
        return measure(scenario, shop, connections=options.buyers, seconds=options.seconds)

    def _print(self, about: str, seen: Measurement, raw: float | None = None) -> None:
        beside = "" if raw is None else f"{raw:,.0f}"
        share = "" if raw is None else f"{seen.per_second / raw:.0%}"
        print(
            f"{about:<42}{seen.per_second:>11,.0f}{seen.percentile(50):>9.1f}"
            f"{seen.percentile(99):>9.1f}{beside:>8}{share:>8}"
            f"{seen.server_cpu_each:>8.2f}{seen.client_share:>8.0%}{len(seen.failures):>8}",
            flush=True,
        )
        if seen.failures:
            self._complain(f"the first of {len(seen.failures)} failures: {seen.failures[0]}")
        elif not seen.durations:
            self._complain("nothing was done")

    def _complain(self, text: str) -> None:
        self.is_clean = False
        print(f"    WRONG: {text}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 means that every answer was right."""
    options = parse(arguments)
    cores = share_cores()
    rush = Rush(options)
    with work_folder() as folder:
        print(
            f"{options.buyers} buyers, {options.seconds:g} s each; "
            f"a durable write of 4 kB takes {milliseconds_to_sync(folder):.2f} ms here"
        )
        for kind in options.databases:
            with server_of(kind) as admin:
                place = Place(
                    admin=admin,
                    cores=cores,
                    folder=folder,
                    events=HOT_EVENTS,
                    buyers=options.buyers,
                )
                rush.begin(kind)
                for workers in options.workers:
                    for scenario in (HOLDING, HOLDING_SPREAD, BUYING_HOT):
                        if scenario.name in options.only:
                            rush.measure(place, scenario, workers=workers, past=options.past)
                if HOLDING.name in options.only:
                    most = options.workers[-1]
                    rush.compare_pasts(place, workers=most, past=options.past)
    return 0 if rush.is_clean else 1


def parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.holds", description=__doc__)
    names = [scenario.name for scenario in (HOLDING, HOLDING_SPREAD, BUYING_HOT)]
    add_databases(parser)
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--buyers", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--past", type=int, default=10_000, help="past orders of the first event")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="SCENARIO")
    given = parser.parse_args(arguments)
    return Options(
        databases=databases_of(given),
        workers=given.workers,
        buyers=given.buyers,
        seconds=given.seconds,
        past=given.past,
        only=given.only,
    )


if __name__ == "__main__":
    run_as_program(main)
