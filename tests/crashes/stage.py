"""A shop that dies: its servers come and go, its database and its provider stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import text, update

from app.clients.machine import RandomIds, SystemClock
from app.config import Settings
from app.domain.money import Money
from app.domain.operations.faults import FaultPoint
from app.domain.ports import ChargeReport, RefundStatus
from app.domain.ports.payments import MoneyBack, ProviderLedger
from app.domain.states import OrderStatus
from app.factory import AppParts, EventDefaults
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.organizers.export_jobs import ExportJob
from app.models.payments.payments import Payment, Refund, WebhookDelivery
from app.repositories.database import Database
from app.services.operations.audit import AuditService
from app.services.payments.provider_audit import compared
from app.wiring.command_context import CommandContext, command_context
from tests.programs.apps import app_of
from tests.programs.in_process import InProcess
from tests.programs.servers import SHOP, Server, launch
from tests.support.people import Headers, make_people
from tests.support.provider_books import charge_status

PAYSTACK_KEY: Final = "sk_test_0123456789abcdef0123456789abcdef"
SECRET_KEY: Final = "q7Jw2mXzR5tVb9KcY4nHd8LfGs3PaEu6"
TAKEOVER: Final = timedelta(seconds=1)
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
DEATH_WITHIN: Final = timedelta(seconds=60)

EVENT: Final = {
    "title": "Lagos Jazz Night",
    "date": "2040-06-01T19:00:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": 2500,
}


@dataclass
class Stage:
    """One database and one provider, with a shop in this process beside those that die."""

    folder: Path
    database: Database
    provider: httpx.Client
    context: CommandContext
    http: httpx.Client
    environment: dict[str, str]
    _people: int = field(default=0)

    def person(self) -> Headers:
        """A new buyer, whose payments no webhook follows: tests send their own."""
        self._people += 1
        address = f"no-webhook+{self._people}@example.com"
        (headers,) = make_people(self.database, SECRET_KEY, [address])
        return headers

    def event(self, organizer: Headers | None = None, **values: object) -> int:
        answer = self.http.post("/events/", json={**EVENT, **values}, headers=organizer)
        assert answer.status_code == 201, answer.text
        event_id: int = answer.json()["id"]
        return event_id

    @contextmanager
    def doomed(self, point: FaultPoint, *, works: bool = False) -> Iterator[Server]:
        """A server that dies at the point; it must have when the block ends.

        Args:
            point: where.
            works: whether it does the background work. It is then not waited for: its work may
                kill it before it answers anything.
        """
        armed = {"FAULT_POINT": point, "WORK_IN_PROCESS": str(works)}
        server = launch(SHOP, self.folder, {**self.environment, **armed})
        try:
            if not works:
                server.wait_until_it_answers("/health/live", within=DEATH_WITHIN)
            yield server
            assert server.process.wait(DEATH_WITHIN.total_seconds()) == -SIGKILL, server.log
        finally:
            server.kill()

    def sweep(self) -> None:
        """What a worker does in one round."""
        for _, job in self.context.services.work.jobs:
            job()

    def time_passes(self) -> None:
        """Let every lease of the dead end, and what waits for its moment be due."""
        leased: tuple[tuple[Any, Any], ...] = (
            (OutboxMessage, OutboxMessage.work_at),
            (WebhookDelivery, WebhookDelivery.work_at),
            (Payment, Payment.ask_at),
            (Refund, Refund.ask_at),
            (ExportJob, ExportJob.work_at),
        )
        for model, column in leased:
            with self.database.engine.begin() as connection:
                due = update(model).where(column.is_not(None)).values({column: LONG_AGO})
                connection.execute(due)
                had = update(model).where(model.leased_until.is_not(None))
                connection.execute(had.values(leased_until=LONG_AGO))

    def holds_end(self) -> None:
        """Let the time of every unpaid order be over."""
        pending = update(Order).where(Order.status == OrderStatus.PENDING)
        with self.database.engine.begin() as connection:
            connection.execute(pending.values(expires_at=LONG_AGO))

    def number(self, query: str, **values: object) -> int:
        """The one number this query answers."""
        with self.database.connection() as connection:
            return int(connection.execute(text(query), values).scalar_one())

    def violations(self) -> list[str]:
        """What the auditor finds, with the provider's books beside ours."""
        auditor = AuditService(database=self.database, clock=SystemClock(), compared=compared)
        return [str(found) for found in auditor.violations(provider=self._books())]

    def _books(self) -> ProviderLedger:
        """The provider's books, as far as they are about this stage: others use it too."""
        with self.database.connection() as connection:
            known = set(connection.execute(text("SELECT reference FROM payments")).scalars())
        return ProviderLedger(
            [
                ChargeReport(
                    charge_status(row["status"]),
                    row["reference"],
                    Money(row["amount"], row["currency"]),
                )
                for row in self.charges()
                if row["reference"] in known
            ],
            [
                MoneyBack(
                    row["transaction_reference"],
                    Money(row["amount"], row["currency"]),
                    RefundStatus(row["status"]),
                    row["merchant_note"] or "",
                )
                for row in self._listed("/refund")
                if row["transaction_reference"] in known
            ],
        )

    def charges(self) -> list[dict[str, Any]]:
        """The provider's own list, newest first, all pages."""
        return self._listed("/transaction")

    def _listed(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, 100):
            answer = self.provider.get(path, params={"perPage": 100, "page": page})
            rows = answer.json()["data"]
            found += rows
            if len(rows) < 100:
                return found
        raise AssertionError("the provider's list has no end")


@contextmanager
def open_stage(folder: Path, url: str, provider: httpx.Client) -> Iterator[Stage]:
    """A stage on a migrated database."""
    settings = Settings(
        _env_file=None,
        var_dir=folder / "var",
        database_url=url,
        secret_key=SECRET_KEY,
        paystack_secret_key=PAYSTACK_KEY,
        paystack_base_url=str(provider.base_url).rstrip("/"),
        idempotency_takeover=TAKEOVER,
        public_url="https://shop.test",
    )
    environment = {
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET_KEY,
        "PAYSTACK_SECRET_KEY": PAYSTACK_KEY,
        "PAYSTACK_BASE_URL": str(provider.base_url).rstrip("/"),
        "IDEMPOTENCY_TAKEOVER": str(TAKEOVER.total_seconds()),
        "MIGRATE_ON_START": "false",
        "PUBLIC_URL": "https://shop.test",
        "DATABASE_WAIT": "30",
    }
    database = Database(url)
    with command_context(settings) as context:
        app = app_of(
            AppParts(
                services=context.services,
                ids=RandomIds(),
                event_defaults=EventDefaults(time_zone="Africa/Lagos", currency="NGN"),
                public_url=settings.public_url,
            )
        )
        transport = InProcess(app)
        with httpx.Client(transport=transport, base_url="https://shop.test", timeout=30) as http:
            yield Stage(folder, database, provider, context, http, environment)
    database.close()


def breaks(call: Any) -> None:
    """Make a call whose server dies under it."""
    with pytest.raises(httpx.TransportError):
        call()
