"""The same transactions without the shop: pgbench on PostgreSQL, the sqlite3 module on SQLite.

What a hold and a sale cost the database is the least they can cost at all; the shop is read as a
share of it. Both write the rows the shop writes, to the same tables, as durably.
"""

import re
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from sqlalchemy import make_url

from tests.postgres_programs import installation

AT: Final = "2030-01-01"
"""Without a time of day: pgbench would take its colons for variables."""

HOLD: Final = (
    "UPDATE ticket_types SET held = held + 1 WHERE id = :type AND (capacity IS NULL OR"
    " held + sold + 1 <= capacity) RETURNING event_id, price_minor",
    "INSERT INTO orders (buyer_id, event_id, total_minor, discount_minor, currency, status,"
    " placed_at, expires_at) VALUES (1, :event_id, :price_minor, 0, 'NGN', 'pending',"
    f" '{AT}', '2099-01-01') RETURNING id AS order_id",
    "INSERT INTO order_items (order_id, ticket_type_id, quantity, unit_price_minor,"
    " unit_discount_minor, attendees) VALUES (:order_id, :type, 1, :price_minor, 0, '[]')",
    "INSERT INTO order_changes (order_id, to_status, actor, at)"
    f" VALUES (:order_id, 'pending', 'buyer:1', '{AT}')",
)
"""A hold: the conditional count, and the order with its item and its history."""

SALE: Final = (
    "UPDATE ticket_types SET held = held - 1, sold = sold + 1 WHERE id = :type",
    f"UPDATE orders SET status = 'paid', closed_at = '{AT}' WHERE id = :order_id"
    " AND status = 'pending'",
    "INSERT INTO order_changes (order_id, from_status, to_status, actor, at)"
    f" VALUES (:order_id, 'pending', 'paid', 'paystack', '{AT}')",
    "INSERT INTO payments (order_id, reference, status, amount_minor, currency, started_at,"
    " settled_at, asked) VALUES (:order_id, 'raw-' || CAST(:order_id AS VARCHAR(20)), 'succeeded',"
    f" :price_minor, 'NGN', '{AT}', '{AT}', 0)",
    "INSERT INTO tickets (order_id, number, user_id, event_id, ticket_type_id, paid_minor, code,"
    " link_key, status, purchase_date) VALUES (:order_id, 1, 1, :event_id, :type, :price_minor,"
    " 'raw-code-' || CAST(:order_id AS VARCHAR(20)),"
    f" 'raw-link-' || CAST(:order_id AS VARCHAR(20)), 'valid', '{AT}')",
    "INSERT INTO outbox_messages (kind, subject_id, status, created_at, work_at, attempts)"
    f" VALUES ('tickets-issued', :order_id, 'sent', '{AT}', '{AT}', 1)",
    "INSERT INTO ledger_entries (posting, account, amount_minor, currency, event_id, at) VALUES"
    f" ('raw:' || CAST(:order_id AS VARCHAR(20)), 'paystack', :price_minor, 'NGN', :event_id,"
    f" '{AT}'), ('raw:' || CAST(:order_id AS VARCHAR(20)), 'sales', 0 - :price_minor, 'NGN',"
    f" :event_id, '{AT}')",
)
"""What a payment adds: ticket, payment, history, mail and ledger, in a transaction of its own."""

_RATE: Final = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The database alone. ``clients`` are inside it at once."""

    url: str
    seconds: float
    clients: int

    def holds(self, type_ids: Sequence[int]) -> float:
        """Holds per second, each of one of these ticket types."""
        return self._per_second(type_ids, HOLD)

    def sales(self, type_ids: Sequence[int]) -> float:
        """Holds followed by their sale, per second, two transactions each."""
        return self._per_second(type_ids, HOLD, SALE)

    def _per_second(self, type_ids: Sequence[int], *transactions: Sequence[str]) -> float:
        if self.url.startswith("sqlite"):
            return _raw_sqlite(self.url, self.seconds, type_ids, transactions)
        return self._pgbench(type_ids, transactions)

    def _pgbench(self, type_ids: Sequence[int], transactions: Sequence[Sequence[str]]) -> float:
        url = make_url(self.url)
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(_script(type_ids, transactions))
            script.flush()
            done = subprocess.run(
                [
                    installation() / "bin" / "pgbench",
                    *("--no-vacuum", "--protocol=prepared", "--jobs=1"),
                    f"--client={self.clients}",
                    f"--time={max(1, round(self.seconds))}",
                    f"--file={script.name}",
                    f"--host={url.query['host']}",
                    f"--username={url.username}",
                    str(url.database),
                ],
                capture_output=True,
                text=True,
                check=False,
            )
        found = _RATE.search(done.stdout)
        if done.returncode or found is None:
            raise RuntimeError(f"pgbench failed:\n{done.stdout}{done.stderr}")
        return float(found[1])


def _script(type_ids: Sequence[int], transactions: Sequence[Sequence[str]]) -> str:
    """The transactions as pgbench takes them; what they return becomes variables."""
    lines = [f"\\set type random({min(type_ids)}, {max(type_ids)})"]
    for statements in transactions:
        lines.append("BEGIN;")
        lines += [f"{line} \\gset" if "RETURNING" in line else f"{line};" for line in statements]
        lines.append("COMMIT;")
    return "\n".join(lines) + "\n"


def _raw_sqlite(
    url: str, seconds: float, type_ids: Sequence[int], transactions: Sequence[Sequence[str]]
) -> float:
    """One writer, as SQLite has at a time; it asks for the durability the shop asks for."""
    done, began = 0, time.perf_counter()
    with closing(sqlite3.connect(make_url(url).database or "", timeout=30)) as database:
        database.isolation_level = None
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            database.execute(f"PRAGMA {setting}")
        while time.perf_counter() - began < seconds:
            values: dict[str, object] = {"type": type_ids[done % len(type_ids)]}
            for statements in transactions:
                database.execute("BEGIN IMMEDIATE")
                for statement in statements:
                    found = database.execute(statement, values)
                    if found.description:
                        names = [column[0] for column in found.description]
                        values |= dict(zip(names, found.fetchone(), strict=True))
                database.execute("COMMIT")
            done += 1
    return done / (time.perf_counter() - began)
