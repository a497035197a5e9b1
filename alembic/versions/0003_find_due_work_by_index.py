"""Find due work without looking through what is done.

Why:  each second the background work went through all payments, refunds and paid orders there ever
      were, to find the few to ask about or to give back; a long past slowed down every sale.
Safe: changes indexes only; code that does not know them keeps working. On PostgreSQL, writers of
      the four tables wait while theirs are built.
Undo: brings the old indexes back; nothing is lost.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

OLD: tuple[tuple[str, str, list[str]], ...] = (
    ("ix_payments_status_ask_at", "payments", ["status", "ask_at"]),
    ("ix_refunds_state_ask_at", "refunds", ["state", "ask_at"]),
    (
        "ix_waiting_entries_ticket_type_id_state_id",
        "waiting_entries",
        ["ticket_type_id", "state", "id"],
    ),
)
NEW: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("ix_payments_ask_at", "payments", ["ask_at"], "ask_at IS NOT NULL"),
    ("ix_refunds_ask_at", "refunds", ["ask_at"], "ask_at IS NOT NULL"),
    (
        "ix_waiting_entries_state_ticket_type_id_id",
        "waiting_entries",
        ["state", "ticket_type_id", "id"],
        None,
    ),
    ("ix_events_cancelled_at", "events", ["cancelled_at"], "cancelled_at IS NOT NULL"),
)


def upgrade() -> None:
    for name, table, columns, condition in NEW:
        where = None if condition is None else sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    for name, table, _ in OLD:
        op.drop_index(name, table)


def downgrade() -> None:
    for name, table, columns in OLD:
        op.create_index(name, table, columns)
    for name, table, _, _ in NEW:
        op.drop_index(name, table)
