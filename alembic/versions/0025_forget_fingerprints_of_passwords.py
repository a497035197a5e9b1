"""Delete hashes of requests that held passwords.

Why:  under an Idempotency-Key, a SHA-256 of the whole body was kept for a day, also where the body
      held a password: with it a stolen database tells each guess right or wrong in no time.
Safe: deletes rows only. A server of the older release may write new ones; they go after a day.
Undo: changes nothing; whoever repeats such a call under its key makes it anew.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

safe_for_old_code: bool = True


def upgrade() -> None:
    op.execute(
        "DELETE FROM idempotency_keys WHERE operation IN "
        "('POST /users/', 'PATCH /users/me', 'POST /users/me/password')"
    )


def downgrade() -> None:
    """What is deleted was never needed."""
