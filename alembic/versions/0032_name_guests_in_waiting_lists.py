"""Keep the name a guest gave who waits for places.

Why:  buyers without an account join waiting lists, too; the order they are offered is in that name.
Safe: adds a nullable column; code that does not know it goes on.
Undo: drops the column: offers to guests are in the name of their latest order.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0032"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("waiting_entries", sa.Column("buyer_name", sa.String(120)))


def downgrade() -> None:
    op.drop_column("waiting_entries", "buyer_name")
