"""Count the changes of an event, so that one does not undo another.

Why:  two organizers who changed an event at the same time did not hear of each other.
Safe: adds a column with a default. Changes made by an older release are not counted.
Undo: drops the column: changes set no conditions any more.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0038"
down_revision: str | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.add_column("events", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("events", "version")
