"""Let admins disable accounts.

Why:  an account that was taken over, or whose owner left, could not be stopped.
Safe: adds a nullable column. Code that does not know it keeps working, and lets disabled accounts
      log in again.
Undo: drops the column: disabled accounts may log in again.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("users", sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "disabled_at")
