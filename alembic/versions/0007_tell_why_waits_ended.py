"""Say why somebody waits no more.

Why:  a wait that can never be served any more now ends, and its owner is told why.
Safe: adds a nullable column; code that does not know it keeps working.
Undo: drops the column and with it why waits ended.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("waiting_entries", sa.Column("ended_because", sa.String(32)))


def downgrade() -> None:
    op.drop_column("waiting_entries", "ended_because")
