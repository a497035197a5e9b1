"""Let organizers stop promo codes, and count no uses of orders that were given back.

Why:  a leaked or mistyped code could not be ended; a code for one order was used up by one that
      was refunded as a whole, although its places were on sale again.
Safe: adds a column with a default; code that does not know it sells with stopped codes as well,
      and a refund made by it keeps its use of a code.
Undo: drops the column, so stopped codes are good again; refunded orders are counted as uses again,
      as far as each code's limit allows.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

REFUNDED = """(
    SELECT COUNT(*) FROM orders
    WHERE orders.promo_code_id = promo_codes.id AND orders.status = 'refunded'
)"""


def upgrade() -> None:
    op.add_column(
        "promo_codes",
        sa.Column("is_stopped", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    # By difference: orders placed meanwhile are counted by those who place them.
    op.execute(f"UPDATE promo_codes SET used = used - {REFUNDED}")  # noqa: S608  (a constant)


def downgrade() -> None:
    op.execute(
        f"""
        UPDATE promo_codes SET used = CASE
            WHEN used + {REFUNDED} > max_uses THEN max_uses ELSE used + {REFUNDED}
        END
        """  # noqa: S608  (a constant)
    )
    op.drop_column("promo_codes", "is_stopped")
