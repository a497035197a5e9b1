"""Note what kind of program a login began with.

Why:  people who look at their logins could not tell the phone's from the laptop's.
Safe: adds a nullable column; code that does not know it keeps working.
Undo: drops the column.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("login_sessions", sa.Column("client_kind", sa.String(16)))


def downgrade() -> None:
    op.drop_column("login_sessions", "client_kind")
