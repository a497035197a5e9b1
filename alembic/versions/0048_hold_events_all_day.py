"""Let events last whole days.

Why:  a fair or a festival has days and no hour, and was shown as if it began at midnight.
Safe: adds a column that is false by default. An older release shows such an event with its
      midnights, and ends its sales when it begins.
Undo: drops the column: such events begin and end at midnight.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0048"
down_revision: str | None = "0047"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column(
        "events", sa.Column("all_day", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("events", "all_day")
