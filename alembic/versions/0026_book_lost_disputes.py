"""Book what buyers' banks took back.

Why:  a dispute that was lost had no lines in the ledger, so more seemed to lie at Paystack than
      did.
Safe: adds rows only. A server of the older release books none; the audit names what it left out.
Undo: deletes these postings, also those of the newer release; the next upgrade writes them again.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

safe_for_old_code: bool = True

LOST = """
INSERT INTO ledger_entries (posting, account, amount_minor, currency, event_id, at)
SELECT 'dispute-lost:' || CAST(d.id AS VARCHAR(20)), '{account}', {sign} * CASE
           WHEN d.amount_minor IS NULL OR d.amount_minor > p.amount_minor + p.surplus_minor
           THEN p.amount_minor + p.surplus_minor ELSE d.amount_minor END,
       p.currency, o.event_id, d.resolved_at
FROM disputes d JOIN payments p ON p.id = d.payment_id JOIN orders o ON o.id = p.order_id
WHERE d.resolved_at IS NOT NULL AND d.resolution LIKE '%accepted'
  AND (d.amount_minor IS NULL OR d.amount_minor > 0)
"""


def upgrade() -> None:
    for account, sign in (("disputes", 1), ("paystack", -1)):
        op.execute(LOST.format(account=account, sign=sign))


def downgrade() -> None:
    op.execute("DELETE FROM ledger_entries WHERE posting LIKE 'dispute-lost:%'")
