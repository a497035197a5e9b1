"""Shops to measure: servers of a checkout on empty databases, filled over the API."""

import os
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx

from tests.programs.postgres_server import PostgresServer, fresh_database
from tests.programs.servers import Server, running_shop, settings_only

PASSWORD: Final = "correct horse battery staple"
TICKETS_AN_ORDER: Final = 10

IDLE_SHARE: Final = 0.06
"""What a server without calls computes at most, of one core."""

SETTINGS: Final = {
    **dict.fromkeys(("REGISTRATIONS_FROM_ADDRESS", "UNPAID_ORDERS", "UNPAID_PLACES"), "1000000"),
    **dict.fromkeys(("UNCONFIRMED_PLACES", "FREE_PLACES"), "1000000"),
    "ACCESS_TOKEN_LIFE": "PT12H",
    "DATABASE_PREPARE": "true",
    "HOLD_FOR": "PT12H",
    "LOG_LEVEL": "WARNING",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A running server and what is in its database.

    The tickets are the organizer's, of the first event; ``scans`` numbers the scans of all of
    them. ``type_ids`` are the ticket types of the events in the same order,
    ``pages`` the addresses of the list's.
    """

    server: Server
    organizer: str
    buyers: Sequence[str]
    event_ids: Sequence[int]
    type_ids: Sequence[int]
    pages: Sequence[str]
    tickets: Sequence[tuple[int, str]]
    scanner: str
    scans: Iterator[int] = field(default_factory=count)

    def cpu_seconds(self) -> float:
        """How long the server and its workers have computed; 0 where the system does not tell."""
        process_id = self.server.process.pid
        children = Path(f"/proc/{process_id}/task/{process_id}/children")
        if not children.exists():
            return 0
        processes = (process_id, *children.read_text().split())
        stats = [Path(f"/proc/{each}/stat").read_text() for each in processes]
        ticks = [stat.rpartition(")")[2].split()[11:13] for stat in stats]  # user, system: proc(5)
        return sum(int(each) for both in ticks for each in both) / os.sysconf("SC_CLK_TCK")

    def await_rest(self) -> None:
        """Wait until the background work of filling it is done: mails of its tickets above all."""
        before, pause = -1.0, 0.5
        while (computed := self.cpu_seconds()) - before > pause * IDLE_SHARE:
            before = computed
            time.sleep(pause)


@contextmanager
def database_of(kind: str, folder: Path, shops: int) -> Iterator[list[str]]:
    """URLs of as many empty databases: SQLite files, or on one durable PostgreSQL server."""
    if kind == "sqlite":
        yield [f"sqlite:///{folder / f'shop-{number}.sqlite3'}" for number in range(shops)]
        return
    with PostgresServer(durable=True) as server, ExitStack() as stack:
        names = [f"bench{number}" for number in range(shops)]
        yield [stack.enter_context(fresh_database(server.url, name)) for name in names]


@contextmanager
def open_shop(checkout: Path, url: str, options: Namespace) -> Iterator[Shop]:
    """Run the code of ``checkout`` with the simulator of Paystack inside, and fill it."""
    with tempfile.TemporaryDirectory(prefix="tickets-bench-") as name:
        settings = SETTINGS | {"DATABASE_URL": url, "VAR_DIR": name, "PYTHONPATH": str(checkout)}
        flags = ("--no-access-log", "--log-level", "info")
        with running_shop(
            Path(name), settings, workers=options.workers, flags=flags, anew=True
        ) as server:
            while server.log.count("Application startup complete.") < options.workers:
                time.sleep(0.05)  # else the first worker gets all connections
            _make_admin(settings, Path(name))
            with server.client() as client:
                client.event_hooks["response"] = [httpx.Response.raise_for_status]
                shop = _filled(server, client, options)
            shop.await_rest()
            yield shop


def _filled(server: Server, client: httpx.Client, options: Namespace) -> Shop:
    organizer = _log_in(client, "organizer")
    client.headers["Authorization"] = f"Bearer {organizer}"
    shows = [_post(client, "/events/", _event(number)) for number in range(options.events)]
    type_ids = [show["ticket_types"][0]["id"] for show in shows]
    event_id = shows[0]["id"]
    for _ in range(0, options.tickets, TICKETS_AN_ORDER):
        items = [{"ticket_type_id": type_ids[0], "quantity": TICKETS_AN_ORDER}]
        order = _post(client, "/orders/", {"event_id": event_id, "items": items})
        payment = _post(client, f"/orders/{order['id']}/pay")
        _post(client, f"/payments/verify/{payment['reference']}")
    names = [f"buyer{number}" for number in range(options.connections)]
    for name in names:
        account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        _post(client, "/users/", account)
    device = _post(client, f"/events/{event_id}/devices", {"name": "Phone", "gate": "North"})
    enrolled = _post(client, "/scanners/enrol", {"code": device["enrolment"]["code"]})
    return Shop(
        server=server,
        organizer=organizer,
        buyers=[_log_in(client, name) for name in names],
        event_ids=[show["id"] for show in shows],
        type_ids=type_ids,
        pages=[page.url.raw_path.decode() for page in _pages(client, "/events/?limit=20")],
        tickets=[
            (ticket["id"], ticket["code"])
            for page in _pages(client, "/tickets/?limit=100")
            for ticket in page.json()
        ],
        scanner=enrolled["access_token"],
    )


def _event(number: int) -> dict[str, Any]:
    return {
        "title": f"Evening {number} of the long season",
        "date": (datetime.now(UTC) + timedelta(days=30, minutes=10 * number)).isoformat(),
        "location": "Freedom Park, Lagos",
        "ticket_price": 2500,
        "category": ("Music", "Theatre", "Sport")[number % 3],
        "description": "Doors open an hour before. Seats are not numbered.",
        "reentry": True,
    }


def _pages(client: httpx.Client, path: str) -> Iterator[httpx.Response]:
    while path:
        page = client.get(path)
        yield page
        path = page.links.get("next", {}).get("url", "")


def _post(client: httpx.Client, path: str, body: Any = None) -> Any:
    return client.post(path, json=body).json()


def _log_in(client: httpx.Client, name: str) -> str:
    form = {"username": name, "password": PASSWORD}
    token: str = client.post("/token", data=form).json()["access_token"]
    return token


def _make_admin(settings: dict[str, str], folder: Path) -> None:
    names = ("--email", "organizer@example.com", "--username", "organizer", "--password-stdin")
    subprocess.run(
        [sys.executable, "-m", "app.cli", "create-admin", *names],
        input=PASSWORD.encode(),
        env=settings_only(settings),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        check=True,
    )
