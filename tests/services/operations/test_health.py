from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url
from structlog.testing import capture_logs

from app.database.schema import schema_state
from app.domain.errors import DatabaseUnavailable
from app.domain.operations.clocks import LEEWAY
from app.domain.operations.database_status import DatabaseStatus, SchemaState
from app.http.services import Services
from app.repositories.database import Database
from app.services.operations.health import HealthService
from tests.programs.postgres_server import connect
from tests.programs.servers import free_port
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway


def health_of(
    database: Database,
    clock: FakeClock,
    *,
    state: Callable[[], SchemaState] | None = None,
    theirs: datetime | None = None,
) -> HealthService:
    return HealthService(
        database=database,
        clock=clock,
        bulkhead=FakeGateway(),
        schema_state=state or (lambda: schema_state(database)),
        database_status=(
            (lambda: DatabaseStatus(clock=theirs, takes_writes=True)) if theirs else database.status
        ),
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

    def test_counts_a_message_sent_again_from_then_on(
        self, services: Services, make: Factory, clock: FakeClock, database: Database
    ) -> None:
        make.buy(make.user(), make.event().id)
        make.work()
        clock.advance(timedelta(days=1))
        with database.writing() as work:
            work.outbox.send_again(1, now=clock.now())
        clock.advance(timedelta(minutes=1))

        assert services.health.readiness().outbox_age == timedelta(minutes=1)

    def test_is_not_ready_before_the_migrations(self, tmp_path: Path, clock: FakeClock) -> None:
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")

        found = health_of(database, clock).readiness()
        database.close()

        assert not found.is_ready
        assert found.migrations == "missing"

    def test_is_not_ready_without_a_database_and_says_so(self, clock: FakeClock) -> None:
        database = Database(f"postgresql://ada@127.0.0.1:{free_port()}/none")

        found = health_of(database, clock).readiness()
        lost = health_of(database, clock, state=lambda: SchemaState.CURRENT).readiness()
        database.close()

        assert not found.is_ready
        assert not lost.is_ready
        assert (found.database, found.migrations) == ("database-unavailable", None)
        assert lost.database == "database-unavailable"


class TestReadOnlyDatabase:
    @pytest.mark.postgresql
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_is_not_ready_and_refuses_writes(self, database: Database, clock: FakeClock) -> None:
        with connect(database.url) as admin:
            name = make_url(database.url).database
            admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        standby = Database(database.url)

        found = health_of(standby, clock).readiness()
        with pytest.raises(DatabaseUnavailable), standby.writing() as work:
            work.sessions.delete_ended(clock.now())
        standby.close()

        assert not found.is_ready
        assert (found.database, found.migrations) == ("read-only", "current")


class TestCause:
    def test_of_a_database_that_is_away_is_logged_once_a_minute(self) -> None:
        database = Database(f"postgresql://ada:hush@127.0.0.1:{free_port()}/none")

        with capture_logs() as logs:
            for _ in range(3):
                with pytest.raises(DatabaseUnavailable):
                    database.status()
        database.close()

        (entry,) = logs
        assert entry["event"] == "database unavailable"
        assert "refused" in entry["cause"]
        assert "hush" not in entry["cause"]


class TestClockSkew:
    def test_is_told_and_warned_of_now_and_then(self, database: Database, clock: FakeClock) -> None:
        ahead = timedelta(minutes=10)
        health = health_of(database, clock, theirs=clock.now() - ahead)

        with capture_logs() as logs:
            found = health.readiness()
            health.readiness()

        assert found.is_ready
        assert found.clock_skew == ahead
        assert [entry["ahead_seconds"] for entry in logs] == [600.0]

    def test_within_the_leeway_is_no_reason_to_warn(
        self, database: Database, clock: FakeClock
    ) -> None:
        health = health_of(database, clock, theirs=clock.now() + LEEWAY)

        with capture_logs() as logs:
            assert health.readiness().clock_skew == -LEEWAY

        assert logs == []

    @pytest.mark.postgresql
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_is_measured_against_postgresql(self, database: Database) -> None:
        now = database.status().clock

        assert now is not None
        assert abs(datetime.now(UTC) - now) < timedelta(minutes=10)
