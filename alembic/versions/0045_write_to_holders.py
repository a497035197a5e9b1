"""Let organizers write to all who hold tickets of an event.

Why:  there was no way to tell holders more than what changed of an event.
Safe: changes no table. An older release does not know the kind of these announcements and puts them
      off until a newer one goes on with them.
Undo: deletes the messages, and those of their mails that were not sent.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0045"
down_revision: str | None = "0044"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True


def upgrade() -> None:
    """The tables are as they were."""


def downgrade() -> None:
    op.execute("DELETE FROM outbox_messages WHERE kind = 'event-message'")
    op.execute("DELETE FROM announcements WHERE kind = 'message'")
