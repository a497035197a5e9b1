"""Whether the shop can sell right now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from app.domain.errors import TicketingError
from app.domain.operations.clocks import LEEWAY, OnceAWhile
from app.domain.operations.database_status import DatabaseStatus, SchemaState
from app.domain.ports import Clock, GatewayBulkhead
from app.repositories.database import Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What the parts say. An open breaker does not make the shop unready: free events sell on."""

    database: str
    migrations: SchemaState | None
    """``None``: the database does not say."""
    breaker: str
    calls_in_flight: int
    outbox_age: timedelta | None
    webhook_age: timedelta | None
    clock_skew: timedelta | None
    """How far this host's clock is ahead of the database's; ``None``: it has none of its own."""
    failed_items: int
    """Items of background work that failed and are tried again later."""
    refunds_stuck: int | None
    """Refunds that failed or need attention; ``None``: not known."""

    @property
    def is_ready(self) -> bool:
        return self.database == "ok" and self.migrations is not None and self.migrations.is_served


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthService:
    """Looks at the database, its migrations, the bulkhead around Paystack, and what waits."""

    database: Database
    clock: Clock
    bulkhead: GatewayBulkhead
    schema_state: Callable[[], SchemaState]
    database_status: Callable[[], DatabaseStatus]
    _may_warn: OnceAWhile = field(default_factory=OnceAWhile, init=False)

    def readiness(self) -> Readiness:
        """Ask everything once. Never raises for a part that is down: it says so."""
        database, migrations = "ok", None
        outbox_age = webhook_age = skew = stuck = None
        failed_items = 0
        try:
            migrations = self.schema_state()
            if migrations.is_served:
                outbox_age, webhook_age, failed_items, stuck = self._waiting()
            status = self.database_status()
            skew = self._skew(status)
            if not status.takes_writes:
                database = "read-only"
        except TicketingError as error:
            database = error.code
        return Readiness(
            database=database,
            migrations=migrations,
            breaker=self.bulkhead.breaker_state,
            calls_in_flight=self.bulkhead.calls_in_flight,
            outbox_age=outbox_age,
            webhook_age=webhook_age,
            clock_skew=skew,
            failed_items=failed_items,
            refunds_stuck=stuck,
        )

    def _skew(self, status: DatabaseStatus) -> timedelta | None:
        if status.clock is None:
            return None
        skew = self.clock.now() - status.clock
        if abs(skew) > LEEWAY and self._may_warn():
            log.warning(
                "this host's clock and the database's differ: set them by NTP",
                ahead_seconds=round(skew.total_seconds(), 1),
            )
        return skew

    def _waiting(self) -> tuple[timedelta | None, timedelta | None, int, int]:
        now = self.clock.now()
        with self.database.reading() as work:
            oldest = (work.outbox.oldest_due(), work.webhooks.oldest_due())
            failed_items = work.failed_items.count(now)
            stuck = work.refunds.count_stuck()
        first, second = (None if moment is None else now - moment for moment in oldest)
        return first, second, failed_items, stuck
