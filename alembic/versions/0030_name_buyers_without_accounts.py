"""Keep the name a buyer without an account gave with an order.

Why:  who buys as a guest gives a name with each order; those of one address may differ.
Safe: adds a nullable column; code that does not know it addresses guests as it does accounts.
Undo: drops the column: mails call guests by the name of their latest order.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("orders", sa.Column("buyer_name", sa.String(120)))


def downgrade() -> None:
    op.drop_column("orders", "buyer_name")
