"""Find the unpaid order of a request that is made again, whatever its event has become meanwhile.

Why:  the order was compared with what the same request would hold now. After a change of its ticket
      type, or of its promo code's letters, a second try took more places, or was refused.
Safe: adds a nullable column; orders without it are compared as before.
Undo: drops the column.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("orders", sa.Column("request_key", sa.String(64)))


def downgrade() -> None:
    op.drop_column("orders", "request_key")
