"""Let people close refunds that got stuck, and find those.

Why:  a refund that failed could be neither seen nor closed; and "requested", which stood for no
      reason at all, was told to buyers as a reason.
Safe: adds nullable columns and an index; code that does not know them keeps working.
Undo: drops who closed which refund and how the money went back.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

safe_for_old_code: bool = True

STUCK = sa.text("state IN ('failed', 'needs-attention')")


def upgrade() -> None:
    op.add_column("refunds", sa.Column("done_by", sa.String(64)))
    op.add_column("refunds", sa.Column("done_note", sa.String(200)))
    op.create_index(
        "ix_refunds_stuck", "refunds", ["state"], sqlite_where=STUCK, postgresql_where=STUCK
    )
    op.execute("UPDATE refunds SET reason = '' WHERE reason = 'requested'")


def downgrade() -> None:
    op.drop_index("ix_refunds_stuck", "refunds")
    op.drop_column("refunds", "done_note")
    op.drop_column("refunds", "done_by")
