"""Keep an address for the account that may get it back.

Why:  an account opened with the old address of another one stood in the way when its owner undid
      the change.
Safe: adds a nullable column and its index; code that does not know them keeps working.
Undo: drops both; addresses that could go back may be taken by others.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("account_requests", sa.Column("kept_key", sa.String(512)))
    op.create_index("ix_account_requests_kept_key", "account_requests", ["kept_key"])


def downgrade() -> None:
    op.drop_index("ix_account_requests_kept_key", "account_requests")
    op.drop_column("account_requests", "kept_key")
