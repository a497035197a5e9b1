"""Note when an account left the address that it had before.

Why:  whether a link went to the account's present address was told by there being a guest of that
      address, which anyone makes by asking for a ticket.
Safe: adds an empty column. Of an address that was changed before, or by an older release, it is
      not known.
Undo: drops the moments.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0052"
down_revision: str | None = "0051"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("users", sa.Column("address_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "address_since")
