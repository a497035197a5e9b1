"""A crowd before a shop: its people, their answers, and whether all is well afterwards."""

import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from typing import Final

import httpx

from app.clients.machine import SystemClock
from app.services.operations.audit import AuditService
from app.services.payments.provider_audit import compared
from tests.programs.servers import IDLE_LIMIT
from tests.races.conftest import Shop
from tests.steps.waiting import eventually
from tests.support.people import Headers, make_people
from tests.support.provider_books import provider_books
from tests.support.racing import LONGEST

_numbers: Final = count(1)
SHORTLY: Final = httpx.Limits(keepalive_expiry=IDLE_LIMIT.total_seconds())


def crowd(shop: Shop, size: int, *, name: str = "somebody") -> list[Headers]:
    """So many new people. Whom the simulator knows by ``name`` it treats as it knows them."""
    addresses = [f"{name}+{next(_numbers)}@example.com" for _ in range(size)]
    return make_people(shop.database, secret(shop, "secret_key"), addresses)


def secret(shop: Shop, name: str) -> str:
    """One of the secrets the demo made for itself."""
    return (shop.server.folder / "var" / name).read_text()


class OwnConnections(httpx.BaseTransport):
    """Connections of each thread's own.

    Of a pool that hundreds of threads share, one may close as idle what another was just given.
    """

    def __init__(self) -> None:
        self._own = threading.local()
        self._all: list[httpx.HTTPTransport] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not hasattr(self._own, "transport"):
            self._own.transport = httpx.HTTPTransport(verify=False, limits=SHORTLY)
            self._all.append(self._own.transport)
        transport: httpx.HTTPTransport = self._own.transport
        return transport.handle_request(request)

    def close(self) -> None:
        for transport in self._all:
            transport.close()


def wide_door(shop: Shop) -> httpx.Client:
    """A client through which a crowd goes in without waiting for each other."""
    return shop.server.client(timeout=LONGEST, transport=OwnConnections())


def tally(answers: Iterable[httpx.Response]) -> Counter[tuple[int, str]]:
    """How often each status came, with the code of refusals."""
    return Counter((answer.status_code, answer.json().get("code", "done")) for answer in answers)


def violations(shop: Shop) -> list[str]:
    """What the auditor finds in the end.

    Money may still be on its way: webhooks and the work loop get a moment to bring it home.
    """
    found: list[str] = []

    def agree() -> bool:
        found[:] = violations_now(shop)
        return not found

    with suppress(AssertionError):
        eventually(agree)
    return found


def violations_now(shop: Shop) -> list[str]:
    """What the auditor finds, with the simulator's books beside ours."""
    auditor = AuditService(database=shop.database, clock=SystemClock(), compared=compared)
    books = provider_books(shop.server.folder / "var" / "paystack_mock.sqlite3")
    return [str(violation) for violation in auditor.violations(provider=books)]
