"""Migrations on PostgreSQL: who keeps others out, how long they take, and what they wait for."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from app.database.migrations import MIGRATION_LOCK, migrate
from app.database.schema import is_migrated
from app.repositories.database import Database
from tests.programs.postgres_server import connect, fresh_database
from tests.support.racing import until

pytestmark = pytest.mark.postgresql

HOLDERS = (
    "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
    f" AND objid = {MIGRATION_LOCK} AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)
WAITING = "SELECT pid FROM pg_locks WHERE locktype = 'relation' AND NOT granted"


@pytest.fixture
def database(postgres: str) -> Iterator[Database]:
    """A database whose first migration is done."""
    with fresh_database(postgres, "migrating") as url:
        database = Database(url)
        migrate(database, to="0001")
        yield database
        database.close()


class TestMigrate:
    def test_works_on_the_connection_that_keeps_others_out(self, database: Database) -> None:
        with connect(database.url) as admin, connect(database.url) as user:
            user.execute("BEGIN")
            user.execute("LOCK TABLE tickets")
            migrating = threading.Thread(target=migrate, args=(database,), daemon=True)
            migrating.start()
            until(lambda: admin.execute(WAITING).fetchone() is not None)

            holders, waiting = admin.execute(HOLDERS).fetchall(), admin.execute(WAITING).fetchall()

            user.execute("COMMIT")
            migrating.join(60)

        assert holders == waiting
        assert is_migrated(database)

    def test_takes_as_long_as_it_takes(self, database: Database) -> None:
        with database.engines.migrating.begin() as connection:
            limits = [
                connection.scalar(text(f"SHOW {name}"))
                for name in ("statement_timeout", "idle_in_transaction_session_timeout")
            ]
            driver = connection.connection.driver_connection
            assert driver is not None
            assert driver.answer_within is None

        assert limits == ["0", "0"]

    def test_asks_again_for_a_lock_it_did_not_get(self, database: Database) -> None:
        pauses: list[float] = []
        with connect(database.url) as user:
            user.execute("BEGIN")
            user.execute("LOCK TABLE tickets")

            def let_go(seconds: float) -> None:
                pauses.append(seconds)
                user.execute("COMMIT")

            migrate(database, sleep=let_go)

        assert len(pauses) == 1
        assert is_migrated(database)
