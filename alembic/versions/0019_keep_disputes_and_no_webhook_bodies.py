"""Keep disputes; keep of webhooks no more than is needed.

Why:  a webhook's body holds e-mail address, card and reusable authorization of the buyer, and only
      its event and the payment it names are used. Disputes were told in such bodies only; they have
      rows of their own from here on. Mails that were sent have an end, and are found by an index.
Safe: no. Code that still writes bodies cannot store webhooks and answers 500 until it is replaced;
      Paystack sends them again for three days. On PostgreSQL the next vacuum removes the old bodies
      from the file.
Undo: drops all disputes and their marks; bodies stay empty.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = False

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
NO_TICKETS = sa.text("kind <> 'tickets-issued'")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # What is deleted is overwritten with zeros instead of lying in the file.
        op.execute("PRAGMA secure_delete = ON")
    op.execute("UPDATE webhook_deliveries SET body = ''")
    op.drop_column("webhook_deliveries", "body")
    op.add_column("payments", sa.Column("disputed_at", MOMENT, nullable=True))
    op.create_table(
        "disputes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("payment_id", ID, nullable=False),
        sa.Column("provider_id", sa.String(64), nullable=False),
        sa.Column("status", sa.String(64), nullable=True),
        sa.Column("category", sa.String(64), nullable=True),
        sa.Column("resolution", sa.String(64), nullable=True),
        sa.Column("amount_minor", ID, nullable=True),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("provider_id", name=op.f("uq_disputes_provider_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_disputes_payment_id"), "disputes", ["payment_id"])
    op.create_index(
        "ix_outbox_messages_work_at",
        "outbox_messages",
        ["work_at"],
        sqlite_where=NO_TICKETS,
        postgresql_where=NO_TICKETS,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_messages_work_at", "outbox_messages")
    op.drop_table("disputes")
    op.drop_column("payments", "disputed_at")
    empty = sa.Column("body", sa.Text(), server_default=sa.text("''"), nullable=False)
    op.add_column("webhook_deliveries", empty)
