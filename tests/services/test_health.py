from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from app.repositories.database import Database
from app.repositories.migrations import is_migrated
from app.routers.services import Services
from app.services.health import HealthService
from tests.factories import Factory
from tests.fakes import FakeClock, FakeGateway
from tests.servers import free_port


def health_of(
    database: Database, clock: FakeClock, *, is_current: Callable[[], bool] | None = None
) -> HealthService:
    return HealthService(
        unit_of_work=database.unit_of_work,
        clock=clock,
        fence=FakeGateway(),
        is_migrated=is_current or (lambda: is_migrated(database)),
    )


class TestReadiness:
    def test_is_ready_on_a_migrated_database(self, services: Services) -> None:
        found = services.health.readiness()

        assert found.is_ready
        assert (found.database, found.migrations, found.breaker) == ("ok", "current", "closed")
        assert (found.outbox_age, found.webhook_age) == (None, None)

    def test_tells_how_long_the_oldest_message_and_webhook_wait(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        event = make.event()
        make.buy(make.user(), event.id)
        clock.advance(timedelta(minutes=2))
        services.webhooks.receive(body=b'{"event": "a", "data": {}}', signature="signed")
        make.buy(make.user(), event.id)
        clock.advance(timedelta(minutes=1))

        found = services.health.readiness()

        assert found.outbox_age == timedelta(minutes=3)
        assert found.webhook_age == timedelta(minutes=1)
        make.work()
        assert services.health.readiness().outbox_age is None
        assert services.health.readiness().webhook_age is None

    def test_is_not_ready_before_the_migrations(self, tmp_path: Path, clock: FakeClock) -> None:
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")

        found = health_of(database, clock).readiness()
        database.close()

        assert not found.is_ready
        assert found.migrations == "missing"

    def test_is_not_ready_without_a_database_and_says_so(self, clock: FakeClock) -> None:
        database = Database(f"postgresql://ada@127.0.0.1:{free_port()}/none")

        found = health_of(database, clock).readiness()
        lost = health_of(database, clock, is_current=lambda: True).readiness()
        database.close()

        assert not found.is_ready
        assert not lost.is_ready
        assert (found.database, found.migrations) == ("database-unavailable", "unknown")
        assert lost.database == "database-unavailable"
