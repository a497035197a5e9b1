"""Repeat the event in rows that belong to one.

Why:  items, steps, payments, refunds, disputes, transfers, replaced codes and messages told their
      event only by way of other rows. A database that is spread by event has to know it of each.
Safe: no. An older release writes rows without an event, which are refused: it sells nothing until
      it is replaced. The tables are locked until the migration ends, on PostgreSQL some 20 s for
      each 100,000 orders, on SQLite 4 s (measured on two busy cores).
Undo: drops the columns; what they say is said by the rows they belong to.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = False

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

BELONGS_TO = (
    ("order_items", "order_id", "orders"),
    ("order_changes", "order_id", "orders"),
    ("payments", "order_id", "orders"),
    ("refunds", "payment_id", "payments"),
    ("disputes", "payment_id", "payments"),
    ("ticket_transfers", "ticket_id", "tickets"),
    ("replaced_codes", "ticket_id", "tickets"),
)
"""Tables, and by which column they belong to a row of another, which knows the event by then."""

SUBJECTS = {
    "orders": ("tickets-issued", "places-offered"),
    "payments": ("payment-failed",),
    "refunds": ("payment-returned", "tickets-refunded", "refund-stuck", "refund-delayed"),
    "disputes": ("payment-disputed",),
    "waiting_entries": ("wait-ended",),
    "tickets": ("ticket-reissued",),
    "ticket_transfers": ("transfer-offered", "transfer-accepted"),
    "announcements": ("event-changed", "event-cancelled", "event-reminder"),
}
"""What messages are about, by kind; those about accounts have no event."""

MESSAGES = "outbox_messages"
WITHOUT_NUMBER = "order_items"
"""The only one of them whose key is no number."""


def upgrade() -> None:
    for table, key, parent in BELONGS_TO:
        op.add_column(table, sa.Column("event_id", ID))
        op.execute(_filling(table, key, parent))
        numbered = {} if table == WITHOUT_NUMBER else {"sqlite_autoincrement": True}
        with op.batch_alter_table(table, table_kwargs=numbered) as batch:
            batch.alter_column("event_id", existing_type=ID, nullable=False)
    op.add_column(MESSAGES, sa.Column("event_id", ID))
    for parent, kinds in SUBJECTS.items():
        op.execute(_filling(MESSAGES, "subject_id", parent, *kinds))


def downgrade() -> None:
    for table in (MESSAGES, *(table for table, _, _ in BELONGS_TO)):
        op.drop_column(table, "event_id")


def _filling(table: str, key: str, parent: str, *kinds: str) -> sa.Update:
    rows = sa.table(table, sa.column(key, ID), sa.column("event_id", ID), sa.column("kind"))
    of = sa.table(parent, sa.column("id", ID), sa.column("event_id", ID))
    which = [rows.c.kind.in_(kinds)] if kinds else []
    return sa.update(rows).where(of.c.id == rows.c[key], *which).values(event_id=of.c.event_id)
