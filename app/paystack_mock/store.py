"""The SQLite file behind the simulator; several threads and processes may share it."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY,
    secret_key TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    email TEXT NOT NULL,
    code TEXT NOT NULL,
    UNIQUE (account, email)
);
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    reference TEXT NOT NULL,
    access_code TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL,
    requested_minor INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    customer INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    details TEXT NOT NULL,
    UNIQUE (account, reference)
);
CREATE INDEX IF NOT EXISTS transactions_of_account ON transactions (account, id);
CREATE TABLE IF NOT EXISTS refunds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    "transaction" INTEGER NOT NULL,
    status TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    next_at_ms INTEGER,
    details TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS refunds_of_transaction ON refunds ("transaction");
CREATE INDEX IF NOT EXISTS refunds_moving ON refunds (next_at_ms) WHERE next_at_ms IS NOT NULL;
CREATE INDEX IF NOT EXISTS transactions_awaited
    ON transactions (json_extract(details, '$.money_due_at_ms'))
    WHERE json_extract(details, '$.money_due_at_ms') IS NOT NULL;
CREATE TABLE IF NOT EXISTS disputes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    "transaction" INTEGER NOT NULL UNIQUE,
    step TEXT NOT NULL,
    opened_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    next_at_ms INTEGER
);
CREATE INDEX IF NOT EXISTS disputes_moving ON disputes (next_at_ms) WHERE next_at_ms IS NOT NULL;
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL,
    url TEXT NOT NULL,
    event TEXT NOT NULL,
    body BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at_ms INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at_ms, id) WHERE state = 'pending';
"""

# Ids that look like Paystack's and cannot be mistaken for one another.
_FIRST_IDS = {
    "transactions": 5_200_000_000,
    "customers": 190_000_000,
    "refunds": 18_700_000,
    "disputes": 2_860_000,
}

_PATIENCE_SECONDS = 10.0


class Store:
    """One connection per thread; writers of this process queue on a lock of ours.

    Left to SQLite's own busy timeout, waiting writers sleep in growing steps;
    the lock wakes them at once. Other processes still go through SQLite.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # It keeps test keys, so its owner alone may read it.
        path.touch(mode=0o600)
        self._create_schema()

    def reading(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction; an exception undoes it."""
        connection = self.reading()
        with self._lock:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_PATIENCE_SECONDS, isolation_level=None, check_same_thread=False
        )
        # No money is real here: a power cut may take the last payments, a crash of
        # the process takes none, and no purchase waits for the disk.
        connection.execute("PRAGMA synchronous=OFF")
        return connection

    def _create_schema(self) -> None:
        """Create what is missing; safe when several processes start at once."""
        connection = self.reading()
        self._turn_on_wal(connection)
        with self.writing():
            # executescript would commit first; these statements hold no inner semicolon.
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            for table, seen in _FIRST_IDS.items():
                connection.execute(
                    "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ?"
                    " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?)",
                    (table, seen, table),
                )

    @staticmethod
    def _turn_on_wal(connection: sqlite3.Connection) -> None:
        """Retried by hand: changing the journal mode does not wait for another's lock."""
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.02)
            else:
                return
