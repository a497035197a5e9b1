"""Keep pictures that are uploaded for events.

Why:  an event could only name a picture that lies elsewhere; few organizers have such a place.
Safe: adds a table and nullable columns; code that does not know them shows no uploaded picture.
Undo: drops which pictures were uploaded; their files stay where they are.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

MOMENT = sa.DateTime(timezone=True)
SHOWS = "fk_events_picture_key_pictures"


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("deleting_at", MOMENT, nullable=True),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_pictures_size")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pictures")),
    )
    op.create_index("ix_pictures_used_at", "pictures", ["used_at"])
    op.add_column("events", sa.Column("picture_alt", sa.String(250)))
    # Alembic would copy the whole table on SQLite for a constraint; this is the same on both.
    op.execute(
        f"ALTER TABLE events ADD COLUMN picture_key VARCHAR(32) "
        f"CONSTRAINT {SHOWS} REFERENCES pictures (key)"
    )
    op.create_index("ix_events_picture_key", "events", ["picture_key"])


def downgrade() -> None:
    op.drop_index("ix_events_picture_key", "events")
    with op.batch_alter_table("events", table_kwargs={"sqlite_autoincrement": True}) as events:
        events.drop_column("picture_key")
    op.drop_column("events", "picture_alt")
    op.drop_table("pictures")
