"""Keep the language in which accounts and guests read.

Why:  mails and paper tickets are written later, without a request that names a language.
Safe: adds two nullable columns; code that does not know them goes on.
Undo: drops the columns: mails and tickets are in the shop's default language.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0037"
down_revision: str | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(32)))
    op.add_column("orders", sa.Column("language", sa.String(32)))


def downgrade() -> None:
    op.drop_column("orders", "language")
    op.drop_column("users", "language")
