"""No table gives the number of a deleted row again, whichever migration touched it last."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from sqlalchemy import CheckConstraint, Connection, Table, inspect, text

from alembic import command
from app.database.migrations import migrate
from app.models import Base
from app.repositories.database import Database
from tests.programs.postgres_server import fresh_database

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "alembic"
BEFORE = "0009"
NOW = "2026-11-28 12:00:00+00:00"

LATER = '''"""Rebuild a table."""

import sqlalchemy as sa

from alembic import op

revision = "later"
down_revision = "HEAD"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table(
        "users", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ) as batch:
        batch.add_column(sa.Column("later", sa.Integer()))


def downgrade() -> None:
    pass
'''


def is_numbered(table: Table) -> bool:
    """Whether the database gives its rows their numbers."""
    return table.primary_key.columns.keys() == ["id"]


NUMBERED = sorted(name for name, table in Base.metadata.tables.items() if is_numbered(table))


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A database that was not migrated."""
    database = Database(f"sqlite:///{tmp_path / 'numbers.sqlite3'}")
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A shop of the time before, whose deleted rows left things behind."""
    if request.param == "sqlite":
        database: Database = request.getfixturevalue("sqlite")
        fill(database)
        yield database
        return
    with fresh_database(request.getfixturevalue("postgres"), "numbers") as url:
        database = Database(url)
        fill(database)
        yield database
        database.close()


def insert(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def fill(database: Database) -> None:
    migrate(database, to=BEFORE)
    with database.engine.begin() as connection:
        insert(
            connection,
            "users",
            **{"id": 3, "email": "a@example.com", "email_key": "a@example.com", "username": "ada"},
            **{"username_key": "ada", "password_hash": "x", "role": "organizer"},
            created_at=NOW,
        )
        for event in (5, 6):
            insert(
                connection,
                "events",
                **{"id": event, "title": "Jazz", "title_key": "jazz", "location": "Lagos"},
                **{"search_text": "jazz", "starts_at": NOW, "time_zone": "UTC", "currency": "NGN"},
                **{"price_minor": 0, "held": 0, "sold": 0, "created_at": NOW, "updated_at": NOW},
                reentry=False,
            )
            insert(
                connection,
                "ticket_types",
                **{"id": event * 10, "event_id": event, "name": "Hall", "name_key": "hall"},
                **{"price_minor": 0, "held": 0, "sold": 0, "min_per_order": 1, "max_per_order": 9},
            )
        insert(connection, "event_staff", event_id=5, user_id=3, added_by=3, added_at=NOW)
        for number, types in enumerate(([], [50], [50, 77], [78], [60]), start=1):
            insert(
                connection,
                "promo_codes",
                **{"id": number, "event_id": 5, "code": f"C{number}", "code_key": f"c{number}"},
                **{"kind": "percent", "value": 50, "used": 0},
                ticket_type_ids=json.dumps(types),
            )
        for number, kind in enumerate(("email-confirmation", "password-reset", "tickets-issued")):
            insert(
                connection,
                "outbox_messages",
                **{"kind": kind, "subject_id": 40 + number, "addressee_id": 0, "status": "sent"},
                **{"created_at": NOW, "work_at": NOW, "attempts": 1, "resends": 0},
            )


def migrate_from(folder: Path, database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def layouts(database: Database) -> dict[str, str]:
    with database.connection() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
        return {row.name: row.sql for row in rows}


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.connection() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


class TestTables:
    @pytest.mark.parametrize("name", NUMBERED)
    def test_number_their_rows_once_by_their_models(self, name: str) -> None:
        assert Base.metadata.tables[name].dialect_options["sqlite"]["autoincrement"]

    def test_number_their_rows_once_after_all_migrations(self, sqlite: Database) -> None:
        migrate(sqlite)

        found = layouts(sqlite)
        assert [name for name in NUMBERED if "AUTOINCREMENT" not in found[name]] == []

    def test_keep_their_checks_and_indexes_when_they_are_rebuilt(self, sqlite: Database) -> None:
        migrate(sqlite)

        with sqlite.connection() as connection:
            found = inspect(connection)
            for name, table in Base.metadata.tables.items():
                checks = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
                indexes = {index.name for index in table.indexes}
                assert {c["name"] for c in found.get_check_constraints(name)} == checks
                assert {index["name"] for index in found.get_indexes(name)} >= indexes

    def test_go_on_counting_when_a_later_migration_rebuilds_one(
        self, sqlite: Database, tmp_path: Path
    ) -> None:
        folder = tmp_path / "alembic"
        shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
        head = max(file.stem[:4] for file in (folder / "versions").glob("[0-9]*.py"))
        (folder / "versions" / "later.py").write_text(LATER.replace("HEAD", head))
        fill(sqlite)
        migrate(sqlite)
        with sqlite.engine.begin() as connection:
            connection.execute(text("UPDATE sqlite_sequence SET seq = 90 WHERE name = 'users'"))

        migrate_from(folder, sqlite)

        assert "later" in layouts(sqlite)["users"]
        assert rows(sqlite, "SELECT seq FROM sqlite_sequence WHERE name = 'users'") == [(90,)]


class TestGivingNumbersOnce:
    def test_keeps_every_row(self, old: Database) -> None:
        tables = ("users", "events", "ticket_types", "event_staff")
        counts = {name: f"SELECT count(*) FROM {name}" for name in tables}
        before = {name: rows(old, count) for name, count in counts.items()}

        migrate(old)

        assert {name: rows(old, count) for name, count in counts.items()} == before

    def test_leaves_no_reference_broken(self, sqlite: Database) -> None:
        fill(sqlite)
        migrate(sqlite)

        assert rows(sqlite, "PRAGMA foreign_key_check") == []
        assert rows(sqlite, "PRAGMA foreign_keys") == [(1,)]

    def test_starts_beyond_whatever_is_still_named(self, sqlite: Database) -> None:
        fill(sqlite)
        migrate(sqlite)

        found = dict(rows(sqlite, "SELECT name, seq FROM sqlite_sequence"))
        assert found["account_requests"] == 41
        assert found["ticket_types"] == 78
        assert found["orders"] == 42
        assert found["users"] == 3

    def test_takes_ticket_types_that_are_gone_out_of_promo_codes(self, old: Database) -> None:
        migrate(old)

        found = rows(old, "SELECT id, ticket_type_ids FROM promo_codes ORDER BY id")
        read = [(n, json.loads(t) if isinstance(t, str) else t) for n, t in found]
        assert read == [(1, []), (2, [50]), (3, [50])]

    def test_forgets_messages_about_requests_that_are_gone(self, old: Database) -> None:
        migrate(old)

        assert rows(old, "SELECT subject_id FROM outbox_messages") == [(42,)]
