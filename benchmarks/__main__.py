"""Measures a real server on one core: requests per second and how long they take.

    python -m benchmarks [--database sqlite] [--only list detail] [--seconds 10] …

This is no timed test: what it prints depends on the machine and on whoever shares it. Read the
figures as shares of the bare route measured in the same minute, or by the server's computing time
for each call, which depends least on others. The exit code tells whether all answers were right.

The columns: calls done a second; how long they took; calls a second as a share of the bare route's;
how long the server computed for each, its background work included; how busy the load generator
was; how many answers were wrong.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import Measurement
from benchmarks.report import Table, milliseconds_to_sync
from benchmarks.running import (
    add_databases,
    databases_of,
    measure,
    run_as_program,
    server_of,
    work_folder,
)
from benchmarks.scenarios import BARE, BUYING, BUYING_APART, NAMES, READING, Scenario, Shop
from benchmarks.seeding import Counts, count, seed
from benchmarks.servers import Cores, free_port, serve, share_cores
from benchmarks.shops import Place, open_shop

TITLES = {
    "sqlite": "SQLite, WAL, synchronous=FULL",
    "postgresql": "PostgreSQL, fsync and synchronous commits on, over a Unix socket",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    databases: Sequence[str]
    paystacks: Sequence[str]
    only: Sequence[str]
    connections: int
    seconds: float
    events: int
    log_requests: bool

    def wants(self, scenario: Scenario) -> bool:
        return not self.only or scenario.name in self.only


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and how it is measured."""

    options: Options
    cores: Cores
    folder: Path
    table: Table

    def measure(self, scenario: Scenario, shop: Shop) -> Measurement:
        options = self.options
        return measure(scenario, shop, connections=options.connections, seconds=options.seconds)

    def place(self, admin: str | None) -> Place:
        """Where shops are opened: on this PostgreSQL server, or on SQLite."""
        return Place(
            admin=admin,
            cores=self.cores,
            folder=self.folder,
            events=self.options.events,
            buyers=self.options.connections,
            log_requests=self.options.log_requests,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 means that every answer was right."""
    options = parse(arguments)
    cores = share_cores()
    with work_folder() as folder:
        bench = Bench(options, cores, folder, Table())
        print(
            f"{options.events:,} events, {options.connections} connections, "
            f"{options.seconds:g} s each, one worker, "
            f"request logs {'on' if options.log_requests else 'off'}\n{cores}\n"
            f"a durable write of 4 kB takes {milliseconds_to_sync(folder):.2f} ms here"
        )
        for kind in options.databases:
            measure_on(kind, bench)
    return 0 if bench.table.is_clean else 1


def measure_on(kind: str, bench: Bench) -> None:
    """Fill one table: the bare routes first, then the shop, then purchases on fresh databases."""
    bench.table.begin(TITLES[kind])
    with server_of(kind) as admin:
        measure_bare(bench, admin)
        reading = [scenario for scenario in READING if bench.options.wants(scenario)]
        if reading:
            with open_shop(bench.place(admin)) as (shop, _):
                for scenario in reading:
                    bench.table.add(scenario.about, bench.measure(scenario, shop))
        for paystack, scenario in (("in-process", BUYING), ("separate", BUYING_APART)):
            if paystack in bench.options.paystacks and bench.options.wants(scenario):
                measure_purchases(bench, admin, scenario, apart=paystack == "separate")


def measure_bare(bench: Bench, admin: str | None) -> None:
    """The bare routes are always measured: everything else is read as a share of the first."""
    place, port = bench.place(admin), free_port()
    folder = place.new_folder()
    with place.fresh_url(folder) as url:
        seeds = seed(url, events=min(bench.options.events, 1000), buyers=1, tickets=1)
        settings = {"DATABASE_URL": url}
        with serve(
            "benchmarks.bare:app",
            port=port,
            settings=settings,
            folder=folder,
            cores=bench.cores.server,
        ) as process_id:
            for scenario in BARE:
                seen = bench.measure(scenario, Shop(port, process_id, seeds))
                bench.table.add(scenario.about, seen, is_bare=scenario is BARE[0])


def measure_purchases(bench: Bench, admin: str | None, scenario: Scenario, *, apart: bool) -> None:
    """Measure, and check that the database holds exactly what the buyers were told."""
    with open_shop(bench.place(admin), apart=apart) as (shop, url):
        before = count(url)
        seen = bench.measure(scenario, shop)
        after = count(url)
    bench.table.add(scenario.about, seen)
    check_purchases(bench.table, seen, before, after)


def check_purchases(table: Table, seen: Measurement, before: Counts, after: Counts) -> None:
    issued = after.tickets - before.tickets
    promised = after.mails_promised
    if promised != issued:
        table.complain(f"{issued} tickets, but {promised} mails promised")
    if issued < len(seen.durations):
        table.complain(f"{len(seen.durations)} purchases, but {issued} tickets")
    table.note(f"{issued:,} tickets with the warm-up's; {after.mails_sent:,} mails sent by its end")


def parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add_databases(parser)
    parser.add_argument(
        "--paystack",
        choices=("in-process", "separate", "both"),
        default="both",
        help="where the simulated Paystack runs while tickets are bought",
    )
    parser.add_argument("--only", nargs="+", choices=NAMES, default=[], metavar="SCENARIO")
    parser.add_argument("--connections", type=_count, default=16)
    parser.add_argument("--seconds", type=_seconds, default=5.0, help="for each scenario")
    parser.add_argument("--events", type=_count, default=10_000)
    parser.add_argument("--log-requests", action="store_true", help="log as the default level does")
    given = parser.parse_args(arguments)
    places = ("in-process", "separate")
    return Options(
        databases=databases_of(given),
        paystacks=places if given.paystack == "both" else (given.paystack,),
        only=given.only,
        connections=given.connections,
        seconds=given.seconds,
        events=given.events,
        log_requests=given.log_requests,
    )


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("must be from 1 to 1,000,000")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number <= 600:
        raise argparse.ArgumentTypeError("must be above 0 and at most 600")
    return number


if __name__ == "__main__":
    run_as_program(main)
