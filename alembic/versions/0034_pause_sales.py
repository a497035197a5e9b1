"""Let organizers pause an event's sales and resume them.

Why:  to stop a sale for an hour, each ticket type's window had to be closed and opened again.
Safe: adds a nullable column. An older release goes on selling what is paused.
Undo: drops the column: paused sales go on.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("events", sa.Column("sales_paused_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("events", "sales_paused_at")
