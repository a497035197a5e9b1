"""Find events as somebody with a plain keyboard types their names.

Why:  "cafe" did not find "Café". Also, a title of emoji made a key for sorting that was longer than
      the cursor of a page may be, and what came behind it could not be listed.
Safe: rewrites derived columns. Code that does not know the new form finds words without accents; an
      event that it changes meanwhile keeps keys of the old form until it is changed again.
Undo: nothing; an older release finds words without accents until an event is changed.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op
from app.domain.text import search_key, sort_key

# Imported, not written out: these columns hold what the code computes, now and from now on.

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

CHUNK = 500
EVENTS = sa.table(
    "events",
    sa.column("id", sa.BigInteger),
    sa.column("title", sa.String),
    sa.column("title_key", sa.String),
    sa.column("category", sa.String),
    sa.column("category_key", sa.String),
    sa.column("location", sa.String),
    sa.column("description", sa.String),
    sa.column("search_text", sa.String),
)


def upgrade() -> None:
    connection, column = op.get_bind(), EVENTS.c
    rows = sa.select(EVENTS).order_by(column.id).limit(CHUNK)
    after = 0
    while events := connection.execute(rows.where(column.id > after)).all():
        for event in events:
            keys = {
                "title_key": sort_key(event.title),
                "category_key": sort_key(event.category) if event.category else None,
                "search_text": search_key(event.title, event.location, event.description),
            }
            connection.execute(sa.update(EVENTS).where(column.id == event.id).values(keys))
        after = events[-1].id


def downgrade() -> None:
    pass
