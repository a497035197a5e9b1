"""Note in a refund what banks had taken of its payment before.

Why:  the audit told by the order of ids whether a refund or a lost dispute came first.
Safe: adds a column. The audit passes over refunds that an older release records.
Undo: drops what was noted; the ids of ledger lines tell it of refunds recorded so far.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0051"
down_revision: str | None = "0050"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

NOTE = """
UPDATE refunds SET taken_minor = COALESCE((
    SELECT SUM(b.amount_minor)
    FROM disputes d
    JOIN ledger_entries b ON b.account = 'disputes'
      AND b.posting = 'dispute-lost:' || CAST(d.id AS VARCHAR(20))
    JOIN ledger_entries l ON l.account IN ('refunds-due', 'cash-due') AND l.id > b.id
      AND l.posting = 'refund-due:' || CAST(refunds.id AS VARCHAR(20))
    WHERE d.payment_id = refunds.payment_id
), 0)
WHERE payment_id IN (SELECT id FROM payments WHERE status = 'succeeded')
"""


def upgrade() -> None:
    op.add_column("refunds", sa.Column("taken_minor", ID, nullable=True))
    op.execute(NOTE)


def downgrade() -> None:
    op.drop_column("refunds", "taken_minor")
