"""Tell since when a message is due that was asked for again.

Why:  the age of the oldest due message jumped to the age of its first sending whenever an old one
      was sent again, and raised an alarm.
Safe: adds a nullable column; code that does not know it keeps working.
Undo: drops the column; the alarm is false again for messages sent again.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("outbox_messages", sa.Column("resent_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("outbox_messages", "resent_at")
