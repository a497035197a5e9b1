"""Keep beside a payment what the buyer paid beyond its amount.

Why:  an account at Paystack can add its fees to what the buyer pays. Such a payment was taken for
      a wrong amount and paid back; now it buys the tickets, and the books need the difference.
Safe: adds a column with a default; code that does not know it keeps working.
Undo: drops the column. The lines in the ledger stay, so the books still balance.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "payments", sa.Column("surplus_minor", ID, server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("payments", "surplus_minor")
