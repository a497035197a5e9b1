"""Find when an event was last changed, so that categories are counted only after a change.

Why:  the front page counted all events ahead by category at each call.
Safe: adds an index.
Undo: drops the index: looking for the latest change reads all events.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    op.create_index("ix_events_updated_at", "events", ["updated_at"])


def downgrade() -> None:
    op.drop_index("ix_events_updated_at", "events")
