"""Give the number of a deleted row to no other row.

Why:  SQLite gave a new row the number after the highest one that was left. A link in a mail, a
      promo code for some ticket types, or a message that was sent then meant the new row.
Safe: SQLite's tables are rebuilt with AUTOINCREMENT, unnoticed by code that does not know it, and
      go on after the highest number that anything still names. PostgreSQL's tables stay. What
      deleted rows left behind goes: messages about requests, ticket types that promo codes name.
      Secret links in mails sent before this release stop working: ask for a new confirmation or
      password, have the mail about an offered ticket sent again.
Undo: nothing is put back. The tables keep AUTOINCREMENT, which harms nobody.
"""

import json
import re
from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

KEY = re.compile(r"\bid INTEGER NOT NULL")
KEY_CONSTRAINT = re.compile(r",\s*CONSTRAINT pk_\w+ PRIMARY KEY \(id\)")
ABOUT_REQUESTS = "'password-reset', 'email-confirmation'"
ABOUT_ANNOUNCEMENTS = "'event-changed', 'event-cancelled', 'event-reminder'"

NAMED_IN_MESSAGES: tuple[tuple[str, str], ...] = (
    ("account_requests", ABOUT_REQUESTS),
    ("announcements", ABOUT_ANNOUNCEMENTS),
    ("orders", "'tickets-issued', 'places-offered'"),
    ("payments", "'payment-failed'"),
    ("refunds", "'payment-returned', 'tickets-refunded'"),
    ("ticket_transfers", "'transfer-offered', 'transfer-accepted'"),
    ("tickets", "'ticket-reissued'"),
    ("waiting_entries", "'wait-ended'"),
)
NAMED: tuple[tuple[str, str], ...] = (
    *(
        (table, f"SELECT max(subject_id) FROM outbox_messages WHERE kind IN ({kinds})")  # noqa: S608  (constants)
        for table, kinds in NAMED_IN_MESSAGES
    ),
    ("check_ins", "SELECT max(entry_id) FROM check_ins"),
    ("check_ins", "SELECT max(entry_id) FROM tickets"),
    ("users", "SELECT max(after_user_id) FROM announcements"),
    (
        "users",
        f"""SELECT max(addressee_id) FROM outbox_messages
            WHERE kind IN ('tickets-refunded', {ABOUT_ANNOUNCEMENTS})""",  # noqa: S608  (constants)
    ),
)
"""Tables, and the highest number by which something without a foreign key names their rows."""

TYPES_OF_EVENTS = "SELECT event_id, id FROM ticket_types"
ORPHANED_MESSAGES = f"""
DELETE FROM outbox_messages
WHERE kind IN ({ABOUT_REQUESTS}) AND subject_id NOT IN (SELECT id FROM account_requests)
"""  # noqa: S608  (constants)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _number_rows_once()
    op.execute(ORPHANED_MESSAGES)
    _repair_promo_codes()


def downgrade() -> None:
    """Leave the tables as they are."""


def _number_rows_once() -> None:
    bind = op.get_bind()
    tables = bind.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    for table, layout in tables.all():
        if KEY_CONSTRAINT.search(layout):
            _rebuild(table, layout)
    for table, query in NAMED:
        _start_beyond(table, bind.exec_driver_sql(query).scalar() or 0)
    for _, _, ticket_types in _promo_codes():
        _start_beyond("ticket_types", max(ticket_types))


def _rebuild(table: str, layout: str) -> None:
    """Copy a table into one that is the same but for its key; nothing else of it is lost.

    SQLite's foreign keys are off meanwhile (see env.py): dropping a table deletes no other rows.
    """
    bind = op.get_bind()
    indexes = bind.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (table,),
    )
    statements = [sql for (sql,) in indexes]
    columns = KEY_CONSTRAINT.sub("", layout[layout.index("(") :])
    columns = KEY.sub("id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", columns, count=1)
    for statement in (
        f"CREATE TABLE new_{table} {columns}",
        f"INSERT INTO new_{table} SELECT * FROM {table}",  # noqa: S608  (a table of ours)
        f"DROP TABLE {table}",
        f"ALTER TABLE new_{table} RENAME TO {table}",
        *statements,
    ):
        bind.exec_driver_sql(statement)


def _start_beyond(table: str, number: int) -> None:
    """Give no number up to this one to a new row."""
    bind = op.get_bind()
    moved = bind.exec_driver_sql(
        "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, table)
    )
    if moved.rowcount == 0:
        bind.exec_driver_sql(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number)
        )


def _promo_codes() -> list[tuple[int, int, list[int]]]:
    """Number, event and ticket types of each code that is for some types only."""
    rows = op.get_bind().exec_driver_sql("SELECT id, event_id, ticket_type_ids FROM promo_codes")
    codes = [
        # SQLite gives JSON as text, PostgreSQL's driver has read it.
        (code, event, json.loads(types) if isinstance(types, str) else types)
        for code, event, types in rows
    ]
    return [(code, event, types) for code, event, types in codes if types]


def _repair_promo_codes() -> None:
    """Forget ticket types that are gone; delete codes that were for these alone, unless used."""
    bind = op.get_bind()
    known = {(event, number) for event, number in bind.exec_driver_sql(TYPES_OF_EVENTS)}
    for code, event, types in _promo_codes():
        left = [number for number in types if (event, number) in known]
        if left and left != types:
            bind.execute(
                sa.text("UPDATE promo_codes SET ticket_type_ids = :types WHERE id = :id"),
                {"types": json.dumps(left), "id": code},
            )
        elif not left:
            bind.execute(
                sa.text(
                    "DELETE FROM promo_codes WHERE id = :id AND used = 0 AND NOT EXISTS"
                    " (SELECT 1 FROM orders WHERE promo_code_id = :id)"
                ),
                {"id": code},
            )
