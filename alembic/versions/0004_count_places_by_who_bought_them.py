"""Count a buyer's places by who bought them.

Why:  where a limit per buyer was set after tickets had been transferred, the count began too low; a
      refund then drove it below zero and was refused for ever.
Safe: sets each count to what orders and tickets say; the code before reads and writes it as it did.
Undo: nothing is lost; the counts stay right.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.execute(
        """
        UPDATE buyer_places SET places = COALESCE((
            SELECT SUM(i.quantity) FROM orders o JOIN order_items i ON i.order_id = o.id
            WHERE o.status = 'pending' AND o.event_id = buyer_places.event_id
              AND o.buyer_id = buyer_places.buyer_id
        ), 0) + (
            SELECT COUNT(*) FROM orders o JOIN tickets t ON t.order_id = o.id
            WHERE t.status = 'valid' AND o.event_id = buyer_places.event_id
              AND o.buyer_id = buyer_places.buyer_id
        )
        """
    )


def downgrade() -> None:
    """The counts stay as they are."""
