"""Tell e-mail addresses apart whose domains differ by ß or ς.

Why:  ``straße.example`` and ``strasse.example`` are two domains of two owners, and were one address
      here: whoever came second could not register.
Safe: rewrites the keys of addresses with such a domain. Code that does not know the new form does
      not find these accounts by their address, and finds them by their user name.
Undo: brings the old keys back. Fails if both of two such addresses have an account by then: one of
      them has to take another address first.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op
from app.domain.text import address_key, name_key

# Imported, not written out: the column holds what the code computes, now and from now on.

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

USERS = sa.table(
    "users",
    sa.column("id", sa.BigInteger),
    sa.column("email", sa.String),
    sa.column("email_key", sa.String),
)


def upgrade() -> None:
    for user in concerned():
        set_key(user.id, address_key(user.email))


def downgrade() -> None:
    for user in concerned():
        set_key(user.id, name_key(user.email))


def concerned() -> Sequence[sa.Row[tuple[int, str, str]]]:
    letters = sa.or_(*(USERS.c.email.contains(letter) for letter in "ßẞς"))
    return op.get_bind().execute(sa.select(USERS).where(letters)).all()


def set_key(user_id: int, key: str) -> None:
    op.get_bind().execute(sa.update(USERS).where(USERS.c.id == user_id).values(email_key=key))
