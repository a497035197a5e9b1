"""Shops to measure: a freshly filled database, a server on it, and what each needs besides."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scenarios import Shop
from benchmarks.seeding import seed
from benchmarks.servers import Cores, free_port, serve
from tests.postgres_server import fresh_database

MORE_THAN_KEPT = 2500
"""Tickets to ask for in turn: more than the server keeps drawings of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where shops are opened, and how large they are.

    ``admin`` is a PostgreSQL superuser's URL; ``None`` means SQLite.
    """

    admin: str | None
    cores: Cores
    folder: Path
    events: int
    buyers: int
    log_requests: bool = False

    def new_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.folder))

    @contextmanager
    def fresh_url(self, folder: Path) -> Iterator[str]:
        """The URL of an empty database: a file in ``folder``, or one on the PostgreSQL server."""
        if self.admin is None:
            yield f"sqlite:///{folder / 'ticketing.sqlite3'}"
            return
        with fresh_database(self.admin, "bench") as url:
            yield url


@contextmanager
def open_shop(
    place: Place,
    *,
    apart: bool = False,
    workers: int = 1,
    past_orders: int = 0,
    tickets: int = MORE_THAN_KEPT,
) -> Iterator[tuple[Shop, str]]:
    """A shop with a freshly filled database, for the length of the block, and that one's URL.

    Args:
        place: where.
        apart: whether the simulated Paystack runs in a process of its own.
        workers: processes. One has a core of its own; more share all cores with
            the rest.
        past_orders: how many orders the first event has sold.
        tickets: how many the first buyer has, all of the first event.
    """
    place.cores.divide(workers=workers)
    folder, port = place.new_folder(), free_port()
    paystack_key = f"sk_test_{secrets.token_hex(16)}"
    with ExitStack() as stack:
        url = stack.enter_context(place.fresh_url(folder))
        environment = {
            "DATABASE_URL": url,
            "DATABASE_PREPARE": "true",
            "VAR_DIR": str(folder),
            "PAYSTACK_SECRET_KEY": paystack_key,
            "LOG_LEVEL": "INFO" if place.log_requests else "WARNING",
            "LOGIN_ATTEMPTS": "1000000000",
            "UNPAID_ORDERS": "1000000000",
            "UNPAID_PLACES": "1000000000",
            "UNCONFIRMED_PLACES": "1000000000",
            "LAPSE_PAUSE": "PT0.001S",
            "ACCESS_TOKEN_LIFE": "PT12H",
        }
        if apart:
            provider = separate_paystack(place, folder, paystack_key, port)
            environment["PAYSTACK_BASE_URL"] = stack.enter_context(provider)
        seeds = seed(
            url,
            events=place.events,
            buyers=place.buyers,
            tickets=tickets,
            past_orders=past_orders,
        )
        process_id = stack.enter_context(
            serve(
                "app.main:app",
                port=port,
                settings=environment,
                folder=folder,
                cores=place.cores.server if workers == 1 else place.cores.all,
                workers=workers,
            )
        )
        yield Shop(port, process_id, seeds), url


@contextmanager
def separate_paystack(place: Place, folder: Path, key: str, shop_port: int) -> Iterator[str]:
    """Paystack's simulator in a process of its own, on the other core; gives its address."""
    port = free_port()
    settings = {
        "PAYSTACK_MOCK_STORE": str(folder / "paystack_mock.sqlite3"),
        "PAYSTACK_SECRET_KEY": key,
        "PAYSTACK_MOCK_WEBHOOK_URL": f"http://127.0.0.1:{shop_port}/payments/webhook",
    }
    with serve(
        "app.paystack_mock.main:app",
        port=port,
        settings=settings,
        folder=folder,
        cores=place.cores.others,
    ):
        yield f"http://127.0.0.1:{port}"
