"""Let organizers keep an event as a draft until they publish it.

Why:  an event was on sale the moment it was created, before its page and prices were looked at.
Safe: adds a column that is false by default. An older release shows and sells drafts, so drafts
      should be created once none of it runs any more.
Undo: drops the column: drafts are published.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0033"
down_revision: str | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column(
        "events", sa.Column("is_draft", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("events", "is_draft")
