from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.database.migrations import migrate
from app.database.postgresql import Limits
from app.domain.errors import Busy, DatabaseUnavailable
from app.domain.ids import EventId
from app.repositories.database import Database
from tests.programs.postgres_server import connect, fresh_database

END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def ask(database: Database) -> object:
    with database.connection() as connection:
        return connection.execute(text("SELECT 1")).scalar_one()


@pytest.mark.postgresql
class TestConnections:
    """The tests stand in for a server that was restarted: its connections are gone."""

    def test_are_asked_before_they_are_used(self, postgres: str) -> None:
        with fresh_database(postgres, "restarted") as url:
            migrate(Database(url))
            database = Database(url)
            with database.writing() as one, database.writing() as other:
                assert one.events.has_orders(EventId(1)) is other.events.has_orders(EventId(1))
            with connect(url) as admin:
                admin.execute(END_ALL)

            assert ask(database) == 1
            write(database)
            database.close()

    def test_that_end_in_a_transaction_fail_it_and_no_other(self, postgres: str) -> None:
        with fresh_database(postgres, "ended") as url:
            migrate(Database(url))
            database = Database(url)

            def lose_the_connection() -> None:
                with database.writing() as work:
                    with connect(url) as admin:
                        admin.execute(END_ALL)
                    work.events.has_orders(EventId(1))

            with pytest.raises(DatabaseUnavailable):
                lose_the_connection()

            write(database)
            database.close()

    def test_are_renewed_when_the_server_takes_no_writes(self, postgres: str) -> None:
        with fresh_database(postgres, "standby") as url, connect(url) as admin:
            name = make_url(url).database
            admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            database = Database(url)
            with pytest.raises(DatabaseUnavailable):
                change(database)
            admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")

            # A session keeps what it began with: only a new one may write.
            change(database)
            database.close()


def change(database: Database) -> None:
    with database.writing() as work:
        work._transaction.connection.execute(text("CREATE TABLE changed (id integer)"))


def write(database: Database) -> None:
    with database.writing() as work:
        work.events.has_orders(EventId(1))


class TestWriters:
    @pytest.mark.parametrize("places", [1, pytest.param(4, marks=pytest.mark.postgresql)])
    def test_wait_for_a_place_no_longer_than_they_may(
        self, places: int, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        with ExitStack() as stack:
            url = f"sqlite:///{tmp_path / 'tickets.sqlite3'}"
            if places > 1:
                server = request.getfixturevalue("postgres")
                url = stack.enter_context(fresh_database(server, "places"))
            database = Database(url, wait=timedelta(milliseconds=20))
            stack.callback(database.close)
            migrate(Database(url))

            with ExitStack() as inside:
                for _ in range(places):
                    inside.enter_context(database.writing())
                with pytest.raises(Busy):
                    write(database)
                assert ask(database) == 1

            write(database)


@pytest.mark.postgresql
class TestSnapshot:
    def test_may_take_longer_than_a_call_waits(self, postgres: str) -> None:
        millisecond = timedelta(milliseconds=1)
        limits = Limits(statement=millisecond, idle=2 * millisecond, answer=3 * millisecond)
        with fresh_database(postgres, "snapshot") as url:
            database = Database(url, limits=limits)

            with database.snapshot() as work:
                slept = work._transaction.connection.execute(text("SELECT pg_sleep(0.1)"))

            assert slept.rowcount == 1
            database.close()
