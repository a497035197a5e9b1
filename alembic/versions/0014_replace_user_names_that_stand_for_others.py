"""Replace user names that stand for somebody else's.

Why:  a user name could stand for an e-mail address once its letters are compared, such as one with
      a full-width @, or look like another one by characters that nobody sees.
Safe: such accounts are called user-NUMBER from now on, and log in with their e-mail address. An
      address that mail programs read as another one counts as unconfirmed.
Undo: nothing is put back; the names were not fit to be known by.
"""

import re
import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

NOT_ALLOWED = re.compile(
    r"[\s@/\x00-\x1f\x7f-\x9f\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"
    "\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)
ENCODED_ADDRESSES = "UPDATE users SET email_confirmed_at = NULL WHERE email LIKE '%=?%'"


def upgrade() -> None:
    bind = op.get_bind()
    users = bind.exec_driver_sql("SELECT id, username, username_key FROM users").all()
    taken = {key for _, _, key in users}
    for number, username, key in users:
        if NOT_ALLOWED.search(key) or NOT_ALLOWED.search(username) or _has_format(username):
            name = f"user-{number}"
            while name in taken:
                name += "-x"
            taken.add(name)
            bind.execute(
                sa.text("UPDATE users SET username = :name, username_key = :name WHERE id = :id"),
                {"name": name, "id": number},
            )
    op.execute(sa.text(ENCODED_ADDRESSES))


def downgrade() -> None:
    """Keep the new names."""


def _has_format(text: str) -> bool:
    return any(unicodedata.category(character) in {"Cf", "Co", "Cn"} for character in text)
