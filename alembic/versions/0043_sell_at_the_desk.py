"""Tell orders apart that the organizer gave away or took the money of.

Why:  organizers sell at the door and invite guests, past Paystack.
Safe: adds a column with a default. An older release sells as before; asked to refund such an
      order, it sends the refund to Paystack, which does not know the payment and refuses.
Undo: drops the column. Cash is booked as money that moved elsewhere, and what is to be handed back
      becomes a refund that failed, which a person settles as such.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

DONE_IN_CASH = """
UPDATE ledger_entries SET account = 'elsewhere'
WHERE account = 'cash'
"""
DUE_IN_CASH = "UPDATE ledger_entries SET account = 'refunds-due' WHERE account = 'cash-due'"
TO_HAND_BACK = "UPDATE refunds SET state = 'failed' WHERE state = 'to-hand-back'"


def upgrade() -> None:
    op.add_column(
        "orders", sa.Column("kind", sa.String(32), nullable=False, server_default="online")
    )


def downgrade() -> None:
    for statement in (DONE_IN_CASH, DUE_IN_CASH, TO_HAND_BACK):
        op.execute(statement)
    op.drop_column("orders", "kind")
