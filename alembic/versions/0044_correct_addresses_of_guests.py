"""Let the address of a guest's order be corrected.

Why:  tickets that were mailed to a mistyped address could not be brought to their buyer.
Safe: adds a nullable column. An older release makes the old links of orders that were moved, which
      then open nothing.
Undo: drops the column: links that were mailed since a correction end, and those from before work
      again.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0044"
down_revision: str | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("orders", sa.Column("moved_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("orders", "moved_at")
    op.execute("DELETE FROM outbox_messages WHERE kind = 'order-moved'")
