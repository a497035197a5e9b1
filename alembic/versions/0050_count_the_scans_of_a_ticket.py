"""Count the scans of a ticket, so that their order needs no order of ids.

Why:  which scan of a ticket came first was told by ids, which a database may give in another order.
Safe: adds a column. Scans of an event with re-entry that an older release keeps have no number and
      stand behind those that have one: replace all processes before its doors open.
Undo: drops the numbers; ids tell the order again.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0050"
down_revision: str | None = "0049"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

BY_NUMBER = "uq_check_ins_ticket_id_move_number"

COUNT = """
UPDATE check_ins SET move_number = counted.number FROM (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY ticket_id ORDER BY id) AS number
    FROM check_ins WHERE ticket_id IS NOT NULL
) AS counted WHERE counted.id = check_ins.id
"""


def upgrade() -> None:
    op.add_column("check_ins", sa.Column("move_number", sa.Integer(), nullable=True))
    op.execute(COUNT)
    op.create_index(BY_NUMBER, "check_ins", ["ticket_id", "move_number"], unique=True)
    op.drop_index("ix_check_ins_ticket_id", "check_ins")


def downgrade() -> None:
    op.create_index("ix_check_ins_ticket_id", "check_ins", ["ticket_id"])
    op.drop_index(BY_NUMBER, "check_ins")
    op.drop_column("check_ins", "move_number")
