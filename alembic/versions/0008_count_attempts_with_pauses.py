"""Count attempts with pauses that grow, and by the network of the client.

Why:  eleven wrong passwords shut the owner out for a quarter of an hour, and nobody counted a
      guesser who took another account each time.
Safe: adds two nullable columns; code that does not know them keeps working, with its old limits.
Undo: drops both columns: pauses end, and no network is known to an account.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column(
        "login_attempts", sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("login_sessions", sa.Column("network", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("login_sessions", "network")
    op.drop_column("login_attempts", "paused_until")
