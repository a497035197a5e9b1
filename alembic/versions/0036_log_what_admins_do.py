"""Keep a log of what admins do, and find people by the beginning of a name.

Why:  no record told which admin looked at or changed whose data, and why; admins found an
      account by its whole name only, and reading all accounts takes long in a large shop.
Safe: adds a table, indexes and a nullable column; code that does not know them goes on.
Undo: drops the log, and which lost disputes were looked after.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0036"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADMINS = sa.text("role = 'admin'")
KNOWN = sa.text("transaction_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "admin_actions",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(32), nullable=True),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("words", sa.String(400), nullable=True),
        sa.Column("detail", sa.String(200), nullable=True),
        sa.Column("reason", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["users.id"], name=op.f("fk_admin_actions_account_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_actions")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_admin_actions_at_id", "admin_actions", ["at", "id"])
    op.create_index("ix_admin_actions_account_id", "admin_actions", ["account_id"])
    for column in ("email_key", "username_key"):
        op.create_index(
            f"ix_users_{column}_beginning",
            "users",
            [column],
            postgresql_ops={column: "varchar_pattern_ops"},
        )
    op.create_index(
        "ix_users_admins", "users", ["id"], sqlite_where=ADMINS, postgresql_where=ADMINS
    )
    op.create_index(
        "ix_payments_transaction_id",
        "payments",
        ["transaction_id"],
        sqlite_where=KNOWN,
        postgresql_where=KNOWN,
    )
    for column in ("from_user_id", "accepted_by"):
        op.create_index(f"ix_ticket_transfers_{column}", "ticket_transfers", [column])
    op.add_column("disputes", sa.Column("closed_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("disputes", "closed_at")
    for column in ("from_user_id", "accepted_by"):
        op.drop_index(f"ix_ticket_transfers_{column}", table_name="ticket_transfers")
    op.drop_index("ix_payments_transaction_id", table_name="payments")
    op.drop_index("ix_users_admins", table_name="users")
    for column in ("email_key", "username_key"):
        op.drop_index(f"ix_users_{column}_beginning", table_name="users")
    op.drop_table("admin_actions")
