"""Whether the shop can sell right now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import TicketingError
from app.domain.ports import Clock, GatewayFence
from app.repositories.unit_of_work import UnitOfWorkFactory


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What the parts say. An open breaker does not make the shop unready: free events sell on."""

    database: str
    migrations: str
    breaker: str
    calls_in_flight: int
    outbox_age: timedelta | None
    webhook_age: timedelta | None

    @property
    def is_ready(self) -> bool:
        return self.database == "ok" and self.migrations == "current"


class HealthService:
    """Looks at the database, its migrations, the fence around Paystack, and what waits."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        fence: GatewayFence,
        is_migrated: Callable[[], bool],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._fence = fence
        self._is_migrated = is_migrated

    def readiness(self) -> Readiness:
        """Ask everything once. Never raises for a part that is down: it says so."""
        database, migrations = "ok", "unknown"
        outbox_age = webhook_age = None
        try:
            migrations = "current" if self._is_migrated() else "missing"
            if migrations == "current":
                outbox_age, webhook_age = self._ages()
        except TicketingError as error:
            database = error.code
        return Readiness(
            database=database,
            migrations=migrations,
            breaker=self._fence.breaker_state,
            calls_in_flight=self._fence.calls_in_flight,
            outbox_age=outbox_age,
            webhook_age=webhook_age,
        )

    def _ages(self) -> tuple[timedelta | None, timedelta | None]:
        now = self._clock.now()
        with self._unit_of_work(read_only=True) as work:
            oldest = (work.outbox.oldest_due(), work.webhooks.oldest_due())
        first, second = (None if moment is None else now - moment for moment in oldest)
        return first, second
