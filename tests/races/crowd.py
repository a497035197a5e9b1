"""A crowd before a shop: its people, their answers, and whether all is well afterwards."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Final

import httpx

from app.clients.machine import SystemClock
from app.services.operations.audit import AuditService
from app.services.payments.provider_audit import compared
from tests.races.conftest import Shop
from tests.steps.waiting import eventually
from tests.support.people import Headers, make_people
from tests.support.provider_books import provider_books
from tests.support.racing import LONGEST

_numbers: Final = count(1)


def crowd(shop: Shop, size: int, *, name: str = "somebody") -> list[Headers]:
    """So many new people. Whom the simulator knows by ``name`` it treats as it knows them."""
    addresses = [f"{name}+{next(_numbers)}@example.com" for _ in range(size)]
    return make_people(shop.database, secret(shop, "secret_key"), addresses)


def secret(shop: Shop, name: str) -> str:
    """One of the secrets the demo made for itself."""
    return (shop.server.folder / "var" / name).read_text()


@contextmanager
def wide_door(shop: Shop, callers: int) -> Iterator[httpx.Client]:
    """A client through which so many callers go in without waiting for each other."""
    with shop.server.client(timeout=LONGEST, connections=callers) as http:
        yield http


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
