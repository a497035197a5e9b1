"""Workers that start at the same time on a database without tables."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from app.database.schema import is_migrated
from app.repositories.database import Database
from tests.conftest import ENGINES
from tests.programs.postgres_server import fresh_database
from tests.programs.servers import running_shop
from tests.races.migrators import Migrator
from tests.steps.waiting import eventually

pytestmark = pytest.mark.slow

WORKERS: Final = 3
ROUNDS: Final = 4


@pytest.fixture(params=ENGINES)
def empty_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """The URLs of databases without a single table."""
    if request.param == "sqlite":
        yield [f"sqlite:///{tmp_path / f'empty{number}.sqlite3'}" for number in range(ROUNDS)]
        return
    server = request.getfixturevalue("postgres")
    with ExitStack() as stack:
        yield [
            stack.enter_context(fresh_database(server, f"empty{number}"))
            for number in range(ROUNDS)
        ]


class TestMigrate:
    def test_lays_a_database_out_once_for_all_who_begin_together(
        self, empty_databases: list[str]
    ) -> None:
        with ExitStack() as stack:
            migrators = [stack.enter_context(Migrator().running()) for _ in range(WORKERS)]
            assert [migrator.hear() for migrator in migrators] == ["ready"] * WORKERS

            for url in empty_databases:
                for migrator in migrators:
                    migrator.begin(url)
                assert [migrator.hear() for migrator in migrators] == ["done"] * WORKERS

        for url in empty_databases:
            self.check(url)

    def check(self, url: str) -> None:
        database = Database(url)
        assert is_migrated(database)
        with database.connection() as connection:
            assert connection.execute(text("SELECT count(*) FROM events")).scalar_one() == 0
        database.close()


class TestStart:
    def test_brings_up_every_worker_on_an_empty_database(
        self, empty_databases: list[str], tmp_path: Path
    ) -> None:
        settings = {"DATABASE_URL": empty_databases[0]}

        with running_shop(tmp_path, settings, workers=2) as shop, shop.client() as http:
            eventually(lambda: shop.log.count("Application startup complete") == 2)
            ready = http.get("/health/ready").json()
            log = shop.log

        assert (ready["status"], ready["migrations"]) == ("ready", "current")
        assert "Traceback" not in log  # a worker that lost the race would end with one
