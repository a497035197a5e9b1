"""What the background work asks each second: nothing that looks through what is done."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from app.http.services import Services
from app.repositories.database import Database
from tests.steps.statements import asked

ONLY_WHAT_IS_OPEN: Final = {"ix_events_cancelled_at", "uq_ticket_transfers_open"}
"""Indexes that hold so little that looking through all of one is no matter."""

WHOLE: Final = re.compile(
    r"SCAN |SEARCH (orders|payments|refunds|tickets) .*\((status|state)=\?\)$"
)
"""In plans of SQLite: all rows, or all that came to one end, as nearly all rows do."""

NOTHING_KNOWN: Final = (
    "DELETE FROM pg_statistic",
    "UPDATE pg_class SET reltuples = -1, relpages = 0"
    " WHERE relkind IN ('r', 'i') AND relnamespace = current_schema()::regnamespace",
)
"""PostgreSQL plans as for new tables, in the transaction that asks: it assumes ten pages of rows.
Once autovacuum has counted a handful, which it does when it likes, an index may be read whole."""


def looks_through(database: Database, statement: str, parameters: Any) -> list[str]:
    """Tables that the statement goes through from one end to the other."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            return [row.detail for row in rows if WHOLE.match(row.detail)]
        for preparation in NOTHING_KNOWN:
            connection.exec_driver_sql(preparation)
        # Small tables are read and joined whole, whatever their indexes, unless that is forbidden.
        for kind in ("seqscan", "mergejoin", "hashjoin"):
            connection.exec_driver_sql(f"SET LOCAL enable_{kind} = off")
        rows = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        (plan,) = rows.scalars()
        return list(scans((plan if isinstance(plan, list) else json.loads(plan))[0]["Plan"]))


def scans(node: Mapping[str, Any]) -> Iterator[str]:
    kind, index = node["Node Type"], node.get("Index Name")
    is_whole = kind == "Seq Scan" or (index and "Index Cond" not in node)
    if is_whole and index not in ONLY_WHAT_IS_OPEN:
        yield f"{kind} {node.get('Relation Name')} {index}"
    for below in node.get("Plans", ()):
        yield from scans(below)


class TestEachRound:
    def test_looks_things_up(self, services: Services, database: Database) -> None:
        with asked(database) as statements:
            for _, job in services.work.jobs:
                job()

        assert len(statements) >= 10
        found = {
            statement: whole
            for statement, parameters in statements.items()
            if (whole := looks_through(database, statement, parameters))
        }
        assert found == {}

    @pytest.mark.parametrize("table", ["orders", "payments", "tickets"])
    def test_would_be_found_out(self, database: Database, table: str) -> None:
        assert looks_through(database, f"SELECT id FROM {table} WHERE id + 0 > 5", ())
        assert looks_through(database, f"SELECT status, id FROM {table} ORDER BY status", ())
