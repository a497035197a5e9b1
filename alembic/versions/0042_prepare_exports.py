"""Prepare long exports in the background.

Why:  a large file had to be downloaded while it was written, in one go.
Safe: adds a table; an older release neither reads it nor sends its mails.
Undo: drops prepared exports; their files stay in the folder and are to be deleted by hand.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "export_jobs",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("requested_by", ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("form", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_expected", sa.Integer(), nullable=True),
        sa.Column("bytes", ID, nullable=True),
        sa.Column("file", sa.String(100), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("work_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("lease_token", ID, nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_export_jobs_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["users.id"], name=op.f("fk_export_jobs_requested_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_jobs")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_export_jobs_work_at", "export_jobs", ["work_at"])
    op.create_index("ix_export_jobs_expires_at", "export_jobs", ["expires_at"])
    op.create_index(
        "ix_export_jobs_requested_by_requested_at", "export_jobs", ["requested_by", "requested_at"]
    )
    op.create_index("ix_export_jobs_event_id", "export_jobs", ["event_id"])


def downgrade() -> None:
    op.drop_table("export_jobs")
    op.execute("DELETE FROM outbox_messages WHERE kind = 'export-done'")
