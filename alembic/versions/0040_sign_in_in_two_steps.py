"""Let accounts sign in in two steps.

Why:  a password that became known was enough to run an organizer's events, or the shop.
Safe: adds two tables; an older release does not read them, and asks for no codes while it runs.
Undo: drops them: the password of every account is enough again.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0040"
down_revision: str | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NOT_ENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "two_step_secrets",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("box", sa.String(200), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("enabled_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_two_step_secrets_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_two_step_secrets")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_two_step_secrets_user_id",
        "two_step_secrets",
        ["user_id"],
        unique=True,
        sqlite_where=NOT_ENDED,
        postgresql_where=NOT_ENDED,
    )
    op.create_index("ix_two_step_secrets_created_at", "two_step_secrets", ["created_at"])
    op.create_table(
        "recovery_codes",
        sa.Column("two_step_id", ID, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["two_step_id"],
            ["two_step_secrets.id"],
            name=op.f("fk_recovery_codes_two_step_id_two_step_secrets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("two_step_id", "code_hash", name=op.f("pk_recovery_codes")),
    )


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("two_step_secrets")
    op.execute("DELETE FROM outbox_messages WHERE kind IN ('two-step-on', 'two-step-off')")
