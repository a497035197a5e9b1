"""Measures the door: scans a second, scans while others buy at full speed, and the offline kit.

    python -m benchmarks.door [--database sqlite] [--seconds 5] [--tickets 10000]

Every scan is one that is accepted: the event lets people out and in again, and the scanners go
through all tickets in turn. A scanner calls with a token of its own, and signed codes. While others
buy, there are two workers, which share all cores with the load generator and PostgreSQL.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from app.repositories.database import Database
from benchmarks.client import (
    Call,
    Connection,
    Measurement,
    WrongAnswer,
    connect,
    drive,
    warm_up_seconds,
)
from benchmarks.report import Table, milliseconds_to_sync
from benchmarks.running import (
    add_databases,
    databases_of,
    in_loop,
    run_as_program,
    server_of,
    work_folder,
)
from benchmarks.scenarios import BUYING, Shop, log_in_as, request
from benchmarks.servers import cpu_seconds, share_cores
from benchmarks.shops import Place, open_shop

JSON: Final = "application/json"
SCANNERS: Final = 4
PAUSE_SECONDS: Final = 0.05
"""Between two scans of one scanner while others buy: people need longer."""

GET_READY: Final = (
    "UPDATE users SET role = 'admin' WHERE id = 1",
    "UPDATE events SET reentry = true WHERE id = 1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    databases: Sequence[str]
    connections: int
    seconds: float
    tickets: int


@dataclass(frozen=True, slots=True)
class Door:
    """A shop with a scanner that is enrolled, and the codes of its tickets."""

    shop: Shop
    token: str
    codes: Sequence[str]

    @property
    def path(self) -> str:
        return f"/events/{self.shop.seeds.event_ids[0]}"

    def scan(self) -> Call:
        """Lets every ticket in, then every one out, and so on."""

        async def call(connection: Connection, number: int) -> None:
            lap, which = divmod(number, len(self.codes))
            body = {
                "code": self.codes[which],
                "scan_id": f"scan-{number}",
                "direction": "out" if lap % 2 else "in",
            }
            sent = json.dumps(body).encode()
            asked = request(
                "POST", f"{self.path}/check-ins", token=self.token, body=sent, media_type=JSON
            )
            answer = await connection.ask(asked)
            if b'"verdict":"accepted"' not in answer.body:
                raise WrongAnswer(f"not accepted: {answer.body[:300]!r}")

        return call


async def open_door(shop: Shop) -> Door:
    """Enrol a scanner, and look up the codes of tickets."""
    connection = await connect(shop.port)
    user = await log_in_as(shop, shop.seeds.buyers[0])

    async def post(path: str, body: dict[str, str]) -> Any:
        sent = json.dumps(body).encode()
        asked = request("POST", path, token=user, body=sent, media_type=JSON)
        return json.loads((await connection.ask(asked)).body)

    event = f"/events/{shop.seeds.event_ids[0]}"
    made = await post(f"{event}/devices", {"name": "Phone", "gate": "North"})
    enrolled = await post("/scanners/enrol", {"code": made["enrolment"]["code"]})
    codes: list[str] = []
    for ticket_id in shop.seeds.ticket_ids[:2000]:
        asked = request("GET", f"/tickets/{ticket_id}", token=user).replace(b"*/*", JSON.encode())
        codes.append(json.loads((await connection.ask(asked)).body)["code"])
    connection.close()
    return Door(shop, enrolled["access_token"], codes)


async def measure_alone(shop: Shop, options: Options) -> Measurement:
    door = await open_door(shop)
    return await drive(
        shop.port,
        door.scan(),
        connections=options.connections,
        seconds=options.seconds,
        server_cpu=lambda: cpu_seconds(shop.process_id),
    )


async def measure_in_a_sale(shop: Shop, options: Options) -> tuple[Measurement, Measurement]:
    """Scans, and the purchases meanwhile."""
    door = await open_door(shop)
    selling = asyncio.create_task(
        drive(
            shop.port,
            await BUYING.prepare(shop),
            connections=options.connections,
            seconds=options.seconds,
            server_cpu=lambda: cpu_seconds(shop.process_id),
        )
    )
    await asyncio.sleep(warm_up_seconds(options.connections, options.seconds))
    scans = Measurement()
    call, numbers = door.scan(), iter(range(1_000_000_000))
    until = time.perf_counter() + options.seconds

    async def scanner() -> None:
        connection = await connect(shop.port)
        while (began := time.perf_counter()) < until:
            try:
                await call(connection, next(numbers))
            except (ConnectionError, WrongAnswer) as error:
                scans.failures.append(str(error))
                return
            scans.durations.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE_SECONDS)
        connection.close()

    await asyncio.gather(*(scanner() for _ in range(SCANNERS)))
    scans.elapsed = options.seconds
    return scans, await selling


async def measure_kit(shop: Shop, table: Table) -> None:
    """The manifest of all tickets: made, made again, and known already."""
    door = await open_door(shop)
    connection = await connect(shop.port)
    asked = request("GET", f"{door.path}/manifest", token=door.token)
    for about in ("made", "made before"):
        began = time.perf_counter()
        answer = await connection.ask(asked)
        took = (time.perf_counter() - began) * 1000
        boxes = answer.body.count(b'"box"')
        table.note(f"manifest of {boxes:,} tickets, {about}: {took:.0f} ms, {len(answer.body):,} B")
    connection.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 means that every answer was right."""
    options = parse(arguments)
    cores, table = share_cores(), Table()
    with work_folder() as folder:
        print(f"a durable write of 4 kB takes {milliseconds_to_sync(folder):.2f} ms here")
        for kind in options.databases:
            with server_of(kind) as admin:
                place = Place(
                    admin=admin, cores=cores, folder=folder, events=100, buyers=options.connections
                )
                table.begin(kind)
                measure_on(place, options, table)
    return 0 if table.is_clean else 1


def measure_on(place: Place, options: Options, table: Table) -> None:
    with open_shop(place, tickets=options.tickets) as (shop, url):
        make_ready(url)
        about = f"scans, {options.connections} scanners, 1 worker"
        table.add(about, in_loop(measure_alone(shop, options)))
        in_loop(measure_kit(shop, table))
    with open_shop(place, tickets=options.tickets, workers=2) as (shop, url):
        make_ready(url)
        scans, sales = in_loop(measure_in_a_sale(shop, options))
        table.add(f"scans in a sale, {SCANNERS} scanners, 2 w.", scans)
        table.add("pay + verify meanwhile, 2 w.", sales)


def make_ready(url: str) -> None:
    """Let the first buyer look after the event, and people come back to it."""
    database = Database(url)
    with database.engine.begin() as connection:
        for statement in GET_READY:
            connection.execute(text(statement))
    database.close()


def parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.door", description=__doc__)
    add_databases(parser)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--tickets", type=int, default=10_000)
    given = parser.parse_args(arguments)
    return Options(
        databases=databases_of(given),
        connections=given.connections,
        seconds=given.seconds,
        tickets=given.tickets,
    )


if __name__ == "__main__":
    run_as_program(main)
