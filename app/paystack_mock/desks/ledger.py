"""Every query about accounts, transactions and refunds."""

import json
import secrets
import sqlite3
import string
from dataclasses import dataclass
from typing import Any

from app.paystack_mock.values.records import (
    Account,
    Customer,
    Details,
    Dispute,
    Refund,
    RefundDetails,
    Transaction,
)

_TRANSACTION = """
SELECT t.id, t.account, t.reference, t.access_code, t.status, t.requested_minor, t.amount_minor,
       t.currency, t.created_at_ms, t.details, c.id, c.email, c.code
FROM transactions t JOIN customers c ON c.id = t.customer
"""
_REFUND = """
SELECT id, account, "transaction", status, amount_minor, currency, created_at_ms, next_at_ms,
       details
FROM refunds
"""

# As the store's index spells it.
_MONEY_DUE_AT = "json_extract(details, '$.money_due_at_ms')"

MAX_ID = 2**63 - 1
"""The largest integer SQLite can compare with; nothing here has a larger id."""

_CODE_LETTERS = string.ascii_lowercase + string.digits


def make_code(length: int) -> str:
    """Letters and digits by chance; each costs a division, not a call for randomness."""
    letters, number = len(_CODE_LETTERS), secrets.randbits(8 * length)
    code = ""
    for _ in range(length):
        number, letter = divmod(number, letters)
        code += _CODE_LETTERS[letter]
    return code


def to_json(value: Any) -> str:
    """Compact, no escapes beyond JSON's own: what JavaScript would write."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Page:
    """``before_id`` and ``after_id`` are cursors; either replaces ``skip``."""

    limit: int
    skip: int = 0
    before_id: int | None = None
    after_id: int | None = None


class Filter:
    """Conditions that all must hold; values never become SQL text."""

    def __init__(self, account: Account) -> None:
        self._conditions = ["account = ?"]
        self._values: list[object] = [account.id]

    def add(self, condition: str, value: object) -> None:
        self._conditions.append(condition)
        self._values.append(value)

    @property
    def sql(self) -> str:
        return " WHERE " + " AND ".join(self._conditions)

    @property
    def values(self) -> tuple[object, ...]:
        return tuple(self._values)


def find_account(db: sqlite3.Connection, secret_key: str) -> Account | None:
    row = db.execute("SELECT id FROM accounts WHERE secret_key = ?", (secret_key,)).fetchone()
    return Account(row[0], secret_key) if row else None


def add_account(db: sqlite3.Connection, secret_key: str) -> Account:
    row = db.execute(
        "INSERT INTO accounts (secret_key) VALUES (?)"
        # Another process may have been first; a do-nothing would return no row.
        " ON CONFLICT DO UPDATE SET secret_key = excluded.secret_key RETURNING id",
        (secret_key,),
    ).fetchone()
    return Account(row[0], secret_key)


def get_account(db: sqlite3.Connection, account_id: int) -> Account:
    row = db.execute("SELECT id, secret_key FROM accounts WHERE id = ?", (account_id,)).fetchone()
    return Account(*row)


def customer_of(db: sqlite3.Connection, account: Account, email: str) -> Customer:
    """Find the customer of this e-mail, made on first sight; case does not matter."""
    wanted = (account.id, email.lower())
    select = "SELECT id, email, code FROM customers WHERE account = ? AND email = ?"
    row = db.execute(select, wanted).fetchone()
    if row is None:
        db.execute(
            "INSERT INTO customers (account, email, code) VALUES (?, ?, ?)",
            (*wanted, f"CUS_{make_code(15)}"),
        )
        row = db.execute(select, wanted).fetchone()
    return Customer(*row)


def add_transaction(db: sqlite3.Connection, transaction: Transaction) -> bool:
    """Store it and give it its id; False when the account used the reference before."""
    row = db.execute(
        "INSERT INTO transactions (account, reference, access_code, status, requested_minor,"
        " amount_minor, currency, customer, created_at_ms, details)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (account, reference) DO NOTHING RETURNING id",
        (
            transaction.account,
            transaction.reference,
            transaction.access_code,
            transaction.status,
            transaction.requested_minor,
            transaction.amount_minor,
            transaction.currency,
            transaction.customer.id,
            transaction.created_at_ms,
            to_json(vars(transaction.details)),
        ),
    ).fetchone()
    if row is None:
        return False
    transaction.id = row[0]
    return True


def save_transaction(db: sqlite3.Connection, transaction: Transaction) -> None:
    db.execute(
        "UPDATE transactions SET status = ?, amount_minor = ?, details = ? WHERE id = ?",
        (
            transaction.status,
            transaction.amount_minor,
            to_json(vars(transaction.details)),
            transaction.id,
        ),
    )


def transaction_by_reference(
    db: sqlite3.Connection, account: Account, reference: str
) -> Transaction | None:
    return _one_transaction(db, "t.account = ? AND t.reference = ?", account.id, reference)


def transaction_by_id(
    db: sqlite3.Connection, account: Account, transaction_id: int
) -> Transaction | None:
    wanted = min(transaction_id, MAX_ID)
    return _one_transaction(db, "t.account = ? AND t.id = ?", account.id, wanted)


def transaction_by_access_code(db: sqlite3.Connection, access_code: str) -> Transaction | None:
    return _one_transaction(db, "t.access_code = ?", access_code)


def next_awaited_transaction(db: sqlite3.Connection) -> Transaction | None:
    """The one whose money comes next, due or not."""
    due = f"{_MONEY_DUE_AT} IS NOT NULL ORDER BY {_MONEY_DUE_AT}, t.id LIMIT 1"
    return _one_transaction(db, due)


def list_transactions(db: sqlite3.Connection, wanted: Filter, page: Page) -> list[Transaction]:
    """One page, newest first."""
    matching = f"(SELECT * FROM transactions{wanted.sql})"  # noqa: S608  (values are bound)
    sql = _TRANSACTION.replace("transactions t", f"{matching} t")
    return [_transaction(row) for row in _page(db, sql + " WHERE t.id", wanted, page)]


def count_transactions(db: sqlite3.Connection, wanted: Filter) -> tuple[int, int]:
    """How many match, and the sum of their amounts."""
    totals = "SELECT count(*), coalesce(sum(amount_minor), 0) FROM transactions"
    count, volume = db.execute(totals + wanted.sql, wanted.values).fetchone()
    return count, volume


def add_refund(db: sqlite3.Connection, refund: Refund) -> None:
    """Store it and give it its id."""
    cursor = db.execute(
        'INSERT INTO refunds (account, "transaction", status, amount_minor, currency,'
        " created_at_ms, next_at_ms, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            refund.account,
            refund.transaction,
            refund.status,
            refund.amount_minor,
            refund.currency,
            refund.created_at_ms,
            refund.next_at_ms,
            to_json(vars(refund.details)),
        ),
    )
    refund.id = cursor.lastrowid or 0


def save_refund(db: sqlite3.Connection, refund: Refund) -> None:
    db.execute(
        "UPDATE refunds SET status = ?, next_at_ms = ?, details = ? WHERE id = ?",
        (refund.status, refund.next_at_ms, to_json(vars(refund.details)), refund.id),
    )


def refund_by_id(db: sqlite3.Connection, account: Account, refund_id: int) -> Refund | None:
    values = (account.id, min(refund_id, MAX_ID))
    row = db.execute(_REFUND + " WHERE account = ? AND id = ?", values).fetchone()
    return _refund(row) if row else None


def refunds_of(db: sqlite3.Connection, transaction_id: int) -> list[Refund]:
    rows = db.execute(_REFUND + ' WHERE "transaction" = ? ORDER BY id', (transaction_id,))
    return [_refund(row) for row in rows]


def transaction_of(db: sqlite3.Connection, account: Account, part: Refund | Dispute) -> Transaction:
    transaction = transaction_by_id(db, account, part.transaction)
    if transaction is None:
        raise LookupError(f"{part} has lost its transaction")
    return transaction


def next_moving_refund(db: sqlite3.Connection) -> Refund | None:
    """The refund that moves on next, due or not."""
    row = db.execute(
        _REFUND + " WHERE next_at_ms IS NOT NULL ORDER BY next_at_ms, id LIMIT 1"
    ).fetchone()
    return _refund(row) if row else None


def list_refunds(db: sqlite3.Connection, wanted: Filter, page: Page) -> list[Refund]:
    """One page, newest first."""
    return [_refund(row) for row in _page(db, _REFUND + wanted.sql + " AND id", wanted, page)]


def count_refunds(db: sqlite3.Connection, wanted: Filter) -> tuple[int, int]:
    """How many match, and how many of them failed."""
    totals = "SELECT count(*), count(*) FILTER (WHERE status = 'failed') FROM refunds"
    count, failed = db.execute(totals + wanted.sql, wanted.values).fetchone()
    return count, failed


def _page(
    db: sqlite3.Connection, sql_up_to_id: str, wanted: Filter, page: Page
) -> list[tuple[Any, ...]]:
    if page.after_id is not None:
        sql = sql_up_to_id + " > ? ORDER BY 1 LIMIT ?"
        rows = db.execute(sql, (*wanted.values, page.after_id, page.limit)).fetchall()
        return rows[::-1]
    before = MAX_ID if page.before_id is None else page.before_id
    sql = sql_up_to_id + " < ? ORDER BY 1 DESC LIMIT ? OFFSET ?"
    return db.execute(sql, (*wanted.values, before, page.limit, page.skip)).fetchall()


def _one_transaction(db: sqlite3.Connection, condition: str, *values: object) -> Transaction | None:
    row = db.execute(f"{_TRANSACTION} WHERE {condition}", values).fetchone()
    return _transaction(row) if row else None


def _transaction(row: tuple[Any, ...]) -> Transaction:
    details = Details(**json.loads(row[9]))
    members: tuple[Any, ...] = (*row[:8], Customer(*row[10:]), row[8], details)
    return Transaction(*members)


def _refund(row: tuple[Any, ...]) -> Refund:
    members: tuple[Any, ...] = (*row[:8], RefundDetails(**json.loads(row[8])))
    return Refund(*members)
