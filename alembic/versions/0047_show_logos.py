"""Let organizations show a logo.

Why:  pages, mails and tickets told an organization's name only.
Safe: adds a column with a default, and a nullable one. An older release shows no logo; working for
      more than a day beside logos, it would take them for pictures that nothing shows, fail to
      forget them, and delete no picture any more. No logo gets lost by that.
Undo: drops which logos were uploaded; their files stay where they are.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0047"
down_revision: str | None = "0046"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = True

SHOWS = "fk_organizations_logo_key_pictures"


def upgrade() -> None:
    op.add_column(
        "pictures", sa.Column("kind", sa.String(32), nullable=False, server_default="photo")
    )
    # Alembic would copy the whole table on SQLite for a constraint; this is the same on both.
    op.execute(
        f"ALTER TABLE organizations ADD COLUMN logo_key VARCHAR(32) "
        f"CONSTRAINT {SHOWS} REFERENCES pictures (key)"
    )
    op.create_index("ix_organizations_logo_key", "organizations", ["logo_key"])


def downgrade() -> None:
    op.drop_index("ix_organizations_logo_key", "organizations")
    with op.batch_alter_table(
        "organizations", table_kwargs={"sqlite_autoincrement": True}
    ) as organizations:
        organizations.drop_column("logo_key")
    op.execute("DELETE FROM pictures WHERE kind = 'logo'")
    op.drop_column("pictures", "kind")
