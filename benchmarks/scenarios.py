"""What is measured: the calls a shop gets most, each with a check of what it answers."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from benchmarks.client import Answer, Call, Connection, WrongAnswer, connect
from benchmarks.seeding import PASSWORD, Seeds

PAGE_SIZE = 20
MOST_PAGES = 50
HOT_EVENTS = 100
"""Purchases are spread over this many events."""

_NEXT_PAGE = re.compile(rb'\r\nlink: <([^>]+)>; rel="next"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shop:
    """A running server and what is in its database."""

    port: int
    process_id: int
    seeds: Seeds


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something to measure; ``prepare`` gives the call that is repeated."""

    name: str
    about: str
    prepare: Callable[[Shop], Awaitable[Call]]


def request(
    method: str, path: str, *, token: str = "", body: bytes = b"", media_type: str = ""
) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: */*"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines.append(f"Content-Type: {media_type}")
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


async def list_pages(shop: Shop) -> Call:
    """Page through the list as people do; the cursors of the pages are looked up before."""
    paths = [f"/events/?limit={PAGE_SIZE}"]
    connection = await connect(shop.port)
    while len(paths) < MOST_PAGES:
        answer = await connection.ask(request("GET", paths[-1]))
        following = _NEXT_PAGE.search(answer.head)
        if following is None:
            if len(paths) > 1:
                paths.pop()  # the last page may be a short one
            break
        paths.append(following[1].decode())
    connection.close()
    requests = [request("GET", path) for path in paths]

    async def call(connection: Connection, number: int) -> None:
        answer = await connection.ask(requests[number % len(requests)])
        _ensure(answer, answer.body.count(b'"date":') == PAGE_SIZE)

    return call


async def event_detail(shop: Shop) -> Call:
    ids = shop.seeds.event_ids
    requests = [(request("GET", f"/events/{id_}"), b'"id":%d,' % id_) for id_ in ids]

    async def call(connection: Connection, number: int) -> None:
        wanted, proof = requests[number * 7919 % len(requests)]
        answer = await connection.ask(wanted)
        _ensure(answer, proof in answer.body)

    return call


async def log_in(shop: Shop) -> Call:
    requests = [_login(name) for name in shop.seeds.buyers]

    async def call(connection: Connection, number: int) -> None:
        answer = await connection.ask(requests[number % len(requests)])
        _ensure(answer, b'"access_token":' in answer.body)

    return call


async def tickets_drawn(shop: Shop) -> Call:
    """Ask for so many tickets in turn that none is still among the drawings kept."""
    return await _ticket_pictures(shop, len(shop.seeds.ticket_ids))


async def tickets_kept(shop: Shop) -> Call:
    return await _ticket_pictures(shop, 1)


async def _ticket_pictures(shop: Shop, amount: int) -> Call:
    token = await log_in_as(shop, shop.seeds.buyers[0])
    requests = [
        request("GET", f"/tickets/{id_}", token=token) for id_ in shop.seeds.ticket_ids[:amount]
    ]

    async def call(connection: Connection, number: int) -> None:
        answer = await connection.ask(requests[number % len(requests)])
        _ensure(answer, answer.body.startswith(b"\x89PNG"))

    return call


async def purchase(shop: Shop) -> Call:
    """Pay and verify; the ticket's number in the second answer must be a new one."""
    return await _purchase(shop, HOT_EVENTS)


async def hot_purchase(shop: Shop) -> Call:
    """All buy the same ticket type."""
    return await _purchase(shop, 1)


async def _purchase(shop: Shop, events: int) -> Call:
    tokens = [await log_in_as(shop, name) for name in shop.seeds.buyers]
    event_ids = shop.seeds.event_ids[:events]
    issued: set[int] = set()

    async def call(connection: Connection, number: int) -> None:
        token = tokens[number % len(tokens)]
        body = b'{"event_id":%d}' % event_ids[number % len(event_ids)]
        paid = await connection.ask(
            request("POST", "/payments/pay", token=token, body=body, media_type="application/json")
        )
        reference = _read(paid)["reference"]
        verified = await connection.ask(
            request("POST", f"/payments/verify/{reference}", token=token)
        )
        ticket_id = _read(verified)["ticket_id"]
        _ensure(verified, isinstance(ticket_id, int) and ticket_id not in issued)
        issued.add(ticket_id)

    return call


async def hot_hold(shop: Shop) -> Call:
    """Hold a place; all of the same ticket type."""
    return await _hold(shop, 1)


async def spread_hold(shop: Shop) -> Call:
    """Hold a place of one of many ticket types."""
    return await _hold(shop, HOT_EVENTS)


async def _hold(shop: Shop, events: int) -> Call:
    tokens = [await log_in_as(shop, name) for name in shop.seeds.buyers]
    wishes = [
        b'{"event_id":%d,"items":[{"ticket_type_id":%d,"quantity":1}]}' % wanted
        for wanted in zip(
            shop.seeds.event_ids[:events], shop.seeds.ticket_type_ids[:events], strict=True
        )
    ]
    placed: set[int] = set()

    async def call(connection: Connection, number: int) -> None:
        answer = await connection.ask(
            request(
                "POST",
                "/orders/",
                token=tokens[number % len(tokens)],
                body=wishes[number % len(wishes)],
                media_type="application/json",
            )
        )
        order = _read(answer)
        _ensure(answer, order["status"] == "pending" and order["id"] not in placed)
        placed.add(order["id"])

    return call


async def constant(_: Shop) -> Call:
    wanted = request("GET", "/constant")

    async def call(connection: Connection, _: int) -> None:
        await connection.ask(wanted)

    return call


async def one_select(shop: Shop) -> Call:
    requests = [request("GET", f"/select/{id_}") for id_ in shop.seeds.event_ids]

    async def call(connection: Connection, number: int) -> None:
        await connection.ask(requests[number * 7919 % len(requests)])

    return call


BARE = (
    Scenario("bare", "bare FastAPI route, a constant", constant),
    Scenario("select", "bare FastAPI route, one SELECT", one_select),
)
READING = (
    Scenario("list", f"list of events, page of {PAGE_SIZE}", list_pages),
    Scenario("detail", "event detail", event_detail),
    Scenario("ticket", "ticket PNG, drawn for this call", tickets_drawn),
    Scenario("ticket-kept", "ticket PNG, drawn before", tickets_kept),
    Scenario("login", "login", log_in),
)
BUYING = Scenario("purchase", "pay + verify, Paystack in process", purchase)
BUYING_APART = Scenario("purchase-apart", "pay + verify, Paystack separate", purchase)
HOLDING = Scenario("hold", "hold, one hot ticket type", hot_hold)
HOLDING_SPREAD = Scenario("hold-spread", f"hold, {HOT_EVENTS} ticket types", spread_hold)
BUYING_HOT = Scenario("buy-hot", "pay + verify, one hot event", hot_purchase)
NAMES = tuple(scenario.name for scenario in (*BARE, *READING, BUYING, BUYING_APART))


def _login(name: str) -> bytes:
    form = urlencode({"username": name, "password": PASSWORD}).encode()
    return request("POST", "/token", body=form, media_type="application/x-www-form-urlencoded")


async def log_in_as(shop: Shop, name: str) -> str:
    """An access token of the buyer's."""
    connection = await connect(shop.port)
    answer = await connection.ask(_login(name))
    connection.close()
    token: str = _read(answer)["access_token"]
    return token


def _read(answer: Answer) -> Any:
    return json.loads(answer.body)


def _ensure(answer: Answer, is_right: bool) -> None:
    if not is_right:
        raise WrongAnswer(f"not what was asked for: {answer.body[:300]!r}")
