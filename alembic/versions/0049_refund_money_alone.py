"""Refund money of an order while its tickets stay valid.

Why:  a price reduction or goodwill could only be paid past the shop.
Safe: adds an empty column. An older release refunds tickets in full: refund no money alone while
      one still runs.
Undo: drops what went back of tickets that stayed valid, and the mails about it that were not sent.
      The refunds stay; the older release would refund these tickets in full.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0049"
down_revision: str | None = "0048"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("tickets", sa.Column("refunded_minor", ID, nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM outbox_messages WHERE kind = 'money-refunded'")
    op.drop_column("tickets", "refunded_minor")
