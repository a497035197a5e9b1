"""Put items of background work off that fail.

Why:  one order, refund or mail that could not be worked on stopped its whole job for all others.
Safe: adds a table; code that does not know it keeps working.
Undo: drops the table; what was put off is tried again at once.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

safe_for_old_code: bool = True

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "failed_items",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("item_id", ID, autoincrement=False, nullable=False),
        sa.Column("error", sa.String(100), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failed_at", MOMENT, nullable=False),
        sa.Column("retry_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job", "item_id", name=op.f("pk_failed_items")),
    )
    op.create_index("ix_failed_items_retry_at", "failed_items", ["retry_at"])


def downgrade() -> None:
    op.drop_table("failed_items")
