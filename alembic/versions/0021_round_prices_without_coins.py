"""Round prices and discounts in currencies without coins to what can be paid.

Why:  prices such as XOF 1,500.50 were taken although nobody can pay half a franc: Paystack ignores
      the fraction, and a payment of less than was asked for goes back. Prices are rounded down and
      fixed discounts up, so no buyer pays more than was said. Orders stay as they are: what was
      paid is a fact, and what is unpaid ends with its hold.
Safe: changes values only; an older release goes on working, and may take such a price again,
      which the audit then finds.
Undo: changes nothing, as nobody knows the fractions any more; they could not be paid.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

OF_EVENTS = "event_id IN (SELECT id FROM events WHERE currency = 'XOF')"


def upgrade() -> None:
    op.execute(
        "UPDATE events SET price_minor = price_minor - price_minor % 100"
        " WHERE currency = 'XOF' AND price_minor % 100 <> 0"
    )
    op.execute(
        "UPDATE ticket_types SET price_minor = price_minor - price_minor % 100"  # noqa: S608  (constants)
        f" WHERE price_minor % 100 <> 0 AND {OF_EVENTS}"
    )
    op.execute(
        "UPDATE promo_codes SET value = value - value % 100 + 100"  # noqa: S608  (constants)
        f" WHERE kind = 'fixed' AND value % 100 <> 0 AND {OF_EVENTS}"
    )


def downgrade() -> None:
    pass
