"""What the order of ids told is kept in columns of its own."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.programs.postgres_server import fresh_database

BEFORE: Final = "0049"
NOW: Final = "2027-03-01"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A shop of the time before."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'order.sqlite3'}")
        yield database
        database.close()
        return
    with fresh_database(request.getfixturevalue("postgres"), "order") as url:
        database = Database(url)
        yield database
        database.close()


def plant(database: Database, table: str, *rows: dict[str, Any]) -> None:
    """Insert rows whose foreign keys lead nowhere."""
    names, holes = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
    insertion = f"INSERT INTO {table} ({names}) VALUES ({holes})"
    if database.engine.dialect.name == "sqlite":
        # A connection of its own: the shop's look at foreign keys.
        with closing(sqlite3.connect(database.engine.url.database or "")) as file:
            file.executemany(insertion, rows)
            file.commit()
        return
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(insertion), list(rows))


def check_in(id_: int, ticket_id: int | None) -> dict[str, Any]:
    return {
        "id": id_,
        "event_id": 1,
        "ticket_id": ticket_id,
        "scan_id": f"scan-{id_}",
        "direction": "in",
        "verdict": "refused",
        "reason": "already-used",
        "scanned_at": NOW,
        "received_at": NOW,
    }


class TestScans:
    def test_are_numbered_among_those_of_their_ticket(self, old: Database) -> None:
        migrate(old, to=BEFORE)
        rows = [check_in(7, 1), check_in(3, 2), check_in(5, 1), check_in(9, None), check_in(1, 2)]
        plant(old, "check_ins", *rows)

        migrate(old)

        with old.connection() as connection:
            query = text("SELECT id, move_number FROM check_ins ORDER BY id")
            found = {row.id: row.move_number for row in connection.execute(query)}
        assert found == {1: 1, 3: 2, 5: 1, 7: 2, 9: None}


class TestRefunds:
    def test_know_what_banks_had_taken_before(self, old: Database) -> None:
        migrate(old, to=BEFORE)
        payment = {
            "event_id": 1,
            "order_id": 1,
            "amount_minor": 100,
            "surplus_minor": 0,
            "asked": 0,
            "lease_token": 0,
            "currency": "NGN",
            "started_at": NOW,
        }
        plant(
            old,
            "payments",
            payment | {"id": 1, "reference": "A", "status": "succeeded"},
            payment | {"id": 2, "reference": "B", "status": "returned"},
        )
        refund = {
            "event_id": 1,
            "amount_minor": 20,
            "currency": "NGN",
            "reason": "",
            "actor": "user:1",
            "state": "processed",
            "requested_at": NOW,
            "asked": 0,
            "lease_token": 0,
        }
        plant(
            old,
            "refunds",
            refund | {"id": 1, "payment_id": 1},
            refund | {"id": 2, "payment_id": 1},
            refund | {"id": 3, "payment_id": 2},
        )
        dispute = {
            "id": 1,
            "payment_id": 1,
            "event_id": 1,
            "provider_id": "1",
            "opened_at": NOW,
            "changed_at": NOW,
        }
        plant(old, "disputes", dispute)
        line = {"currency": "NGN", "event_id": 1, "at": NOW, "amount_minor": 30}
        plant(
            old,
            "ledger_entries",
            line | {"id": 1, "posting": "refund-due:1", "account": "refunds-due"},
            line | {"id": 2, "posting": "dispute-lost:1", "account": "disputes"},
            line | {"id": 3, "posting": "refund-due:2", "account": "refunds-due"},
        )

        migrate(old)

        with old.connection() as connection:
            query = text("SELECT id, taken_minor FROM refunds ORDER BY id")
            found = [tuple(row) for row in connection.execute(query)]
        assert found == [(1, 0), (2, 30), (3, None)]
