"""Note of each migration whether the releases before it may go on working.

Why:  a release that was started again on a newer database, after a roll-back or in the middle of a
      roll-out, did not know whether it may work, and refused to.
Safe: adds a table; code that does not know it keeps working.
Undo: drops the table; an older release on a newer database refuses to work.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    # Filled by what runs migrations, see `note` in app/database/schema.py.
    op.create_table(
        "applied_migrations",
        sa.Column("revision", sa.String(32), nullable=False),
        sa.Column("down_revision", sa.String(32)),
        sa.Column("safe_for_old_code", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_applied_migrations")),
    )


def downgrade() -> None:
    op.drop_table("applied_migrations")
