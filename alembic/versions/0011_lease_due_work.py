"""Lease due work by columns of its own, with a fencing token.

Why:  the moment at which a refund, mail, webhook or payment was due also said who had it: whoever
      moved that moment, or was slow, let a second worker do the same. Refunds were paid twice.
Safe: adds columns with defaults, and indexes. Workers of the old release leave alone what new ones
      have, but may take it too early when a webhook comes: stop them before new ones start.
Undo: drops the columns; stop all workers first, or what they have is done again.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = False

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

LEASED = ("payments", "refunds", "webhook_deliveries", "outbox_messages")
WANTED = sa.text("wanted_at IS NOT NULL")


def upgrade() -> None:
    for table in LEASED:
        op.add_column(table, sa.Column("leased_until", MOMENT))
        op.add_column(table, sa.Column("lease_token", ID, nullable=False, server_default="0"))
    op.add_column("refunds", sa.Column("wanted_at", MOMENT))
    op.add_column("refunds", sa.Column("sent_at", MOMENT))
    # What was tried before may have been sent, and its answer lost.
    op.execute(
        "UPDATE refunds SET sent_at = requested_at"
        " WHERE state = 'requested' AND asked > 0 AND provider_id IS NULL"
    )
    # The provider's refund stands for the first of the rows it was taken for.
    op.execute(
        "UPDATE refunds SET provider_id = NULL, sent_at = requested_at WHERE EXISTS ("
        "SELECT 1 FROM refunds f WHERE f.payment_id = refunds.payment_id"
        " AND f.provider_id = refunds.provider_id AND f.id < refunds.id)"
    )
    op.create_index(
        "ix_refunds_wanted_at",
        "refunds",
        ["wanted_at"],
        sqlite_where=WANTED,
        postgresql_where=WANTED,
    )
    op.create_index(
        "uq_refunds_payment_id_provider_id", "refunds", ["payment_id", "provider_id"], unique=True
    )


def downgrade() -> None:
    op.drop_index("uq_refunds_payment_id_provider_id", "refunds")
    op.drop_index("ix_refunds_wanted_at", "refunds")
    op.drop_column("refunds", "sent_at")
    op.drop_column("refunds", "wanted_at")
    for table in LEASED:
        op.drop_column(table, "lease_token")
        op.drop_column(table, "leased_until")
