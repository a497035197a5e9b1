"""Keep notes on orders.

Why:  members of an organization had nowhere to tell each other what a buyer had asked for.
Safe: adds a table that an older release does not read.
Undo: drops all notes.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0035"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "order_notes",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("author_id", ID, nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_notes_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_order_notes_author_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_notes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_order_notes_order_id", "order_notes", ["order_id"])
    op.create_index("ix_order_notes_author_id", "order_notes", ["author_id"])


def downgrade() -> None:
    op.drop_table("order_notes")
