"""What is measured: the calls a shop gets most, each with a check of what it answers."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.client import Call, Connection, WrongAnswer
from benchmarks.shops import Shop

PAGE_SIZE: Final = 20
SCANNERS: Final = 4
SCANNER_PAUSE: Final = 0.05  # seconds: people need longer


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something to measure; ``prepare`` gives the call that is repeated.

    ``connections`` and ``pause`` stand for those that were asked for; ``beside`` names what is done
    at full speed beside it.
    """

    about: str
    prepare: Callable[[Shop], Awaitable[Call]]
    connections: int | None = None
    pause: float = 0
    beside: str | None = None


async def list_events(shop: Shop) -> Call:
    """Page through the list, but for the last page, which may be a short one."""
    pages = shop.pages[:-1]

    async def call(connection: Connection, number: int) -> None:
        answer = await connection.ask("GET", pages[number % len(pages)])
        _ensure(answer, answer.count(b'"date":') == PAGE_SIZE)

    return call


async def show_event(shop: Shop) -> Call:
    async def call(connection: Connection, number: int) -> None:
        event_id = shop.event_ids[number * 7919 % len(shop.event_ids)]
        answer = await connection.ask("GET", f"/events/{event_id}")
        _ensure(answer, b'"id":%d,' % event_id in answer)

    return call


async def show_ticket(shop: Shop) -> Call:
    """The same picture each time, which the server has drawn before."""
    path = f"/tickets/{shop.tickets[0][0]}"

    async def call(connection: Connection, _: int) -> None:
        answer = await connection.ask("GET", path, token=shop.organizer)
        _ensure(answer, answer.startswith(b"\x89PNG"))

    return call


async def scan(shop: Shop) -> Call:
    """Lets every ticket in, then every one out, and so on."""
    path = f"/events/{shop.event_ids[0]}/check-ins"

    async def call(connection: Connection, _: int) -> None:
        number = next(shop.scans)
        lap, which = divmod(number, len(shop.tickets))
        body = {
            "code": shop.tickets[which][1],
            "scan_id": f"scan-{number}",
            "direction": "out" if lap % 2 else "in",
        }
        answer = await connection.ask(
            "POST", path, token=shop.scanner, body=json.dumps(body).encode()
        )
        _ensure(answer, b'"verdict":"accepted"' in answer)

    return call


async def purchase(shop: Shop) -> Call:
    """Pay and verify; the second answer must tell of a ticket not issued before.

    A buyer who pays again while an order is open gets that order, so a buyer's next purchase is of
    another event. The first two events are for scans and holds.
    """
    event_ids = shop.event_ids[2:]
    issued: set[int] = set()

    async def call(connection: Connection, number: int) -> None:
        turn, buyer = divmod(number, len(shop.buyers))
        token = shop.buyers[buyer]
        body = b'{"event_id":%d}' % event_ids[turn % len(event_ids)]
        paid = await connection.ask("POST", "/payments/pay", token=token, body=body)
        reference = json.loads(paid)["reference"]
        verified = await connection.ask("POST", f"/payments/verify/{reference}", token=token)
        ticket_id = json.loads(verified)["ticket_id"]
        _ensure(verified, isinstance(ticket_id, int) and ticket_id not in issued)
        issued.add(ticket_id)

    return call


async def hold(shop: Shop) -> Call:
    """Place orders for one ticket type, which all buyers want."""
    items = [{"ticket_type_id": shop.type_ids[1], "quantity": 1}]
    body = json.dumps({"event_id": shop.event_ids[1], "items": items}).encode()
    placed: set[int] = set()

    async def call(connection: Connection, number: int) -> None:
        token = shop.buyers[number % len(shop.buyers)]
        answer = await connection.ask("POST", "/orders/", token=token, body=body)
        order = json.loads(answer)
        _ensure(answer, order["status"] == "pending" and order["id"] not in placed)
        placed.add(order["id"])

    return call


SCENARIOS: Final = {
    "list": Scenario(f"list of events, page of {PAGE_SIZE}", list_events),
    "detail": Scenario("event", show_event),
    "qr": Scenario("ticket as PNG, drawn before", show_ticket),
    "scan": Scenario("scan", scan),
    "purchase": Scenario("pay + verify", purchase),
    "holds": Scenario("hold, all of one ticket type", hold),
    "door": Scenario(
        f"scan, {SCANNERS} scanners, in a sale", scan, SCANNERS, SCANNER_PAUSE, "purchase"
    ),
}


def _ensure(answer: bytes, is_right: bool) -> None:
    if not is_right:
        raise WrongAnswer(f"not what was asked for: {answer[:300]!r}")
