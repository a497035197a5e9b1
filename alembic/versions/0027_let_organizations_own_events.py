"""Let organizations own events.

Why:  an event had one organizer, who could share its work with nobody but gate staff. Each
      organizer gets a personal organization with their events; events that nobody was logged in to
      create go to the demo organization. Who created an event is kept, and gives no rights.
Safe: no: an older release reads the column by its old name, and creates events of no organization.
Undo: drops organizations, and with them who shared in events; each event is again that of the
      account that created it.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic.operations import BatchOperations

from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
safe_for_old_code: bool = False

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

PERSONAL = """
INSERT INTO organizations (kind, personal_of, name, created_at, updated_at)
SELECT 'personal', u.id, COALESCE(u.full_name, u.username), e.first_at, e.first_at
FROM users u
JOIN (
    SELECT organizer_id, MIN(created_at) AS first_at FROM events GROUP BY organizer_id
) e ON e.organizer_id = u.id
ORDER BY u.id
"""
OWNERS = """
INSERT INTO memberships (organization_id, user_id, role, created_at)
SELECT id, personal_of, 'owner', created_at FROM organizations WHERE kind = 'personal'
"""
DEMO = """
INSERT INTO organizations (kind, name, created_at, updated_at)
SELECT 'demo', 'Demo organizer', MIN(created_at), MIN(created_at) FROM events
WHERE organizer_id IS NULL HAVING COUNT(*) > 0
"""
OWNED = """
UPDATE events SET organization_id = (
    SELECT o.id FROM organizations o
    WHERE o.personal_of = events.organizer_id
       OR (o.kind = 'demo' AND events.organizer_id IS NULL)
)
"""


def upgrade() -> None:
    op.create_table(
        "organizations",
        sa.Column("id", ID, nullable=False, autoincrement=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("personal_of", ID, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("contact_email", sa.String(254), nullable=True),
        sa.Column("reply_to", sa.String(254), nullable=True),
        sa.Column("colour", sa.String(7), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(kind = 'personal') = (personal_of IS NOT NULL)",
            name=op.f("ck_organizations_personal"),
        ),
        sa.ForeignKeyConstraint(
            ["personal_of"], ["users.id"], name=op.f("fk_organizations_personal_of_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("personal_of", name=op.f("uq_organizations_personal_of")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_organizations_demo",
        "organizations",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("kind = 'demo'"),
        postgresql_where=sa.text("kind = 'demo'"),
    )
    op.create_table(
        "memberships",
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_memberships_organization_id_organizations"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users")
        ),
        sa.PrimaryKeyConstraint("organization_id", "user_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_user_id"), "memberships", ["user_id"])
    op.add_column("events", sa.Column("organization_id", ID, nullable=True))
    for statement in (PERSONAL, OWNERS, DEMO, OWNED):
        op.execute(statement)
    op.drop_index("ix_events_organizer_id", "events")
    with _events() as events:
        events.alter_column("organization_id", existing_type=ID, nullable=False)
        events.drop_constraint("fk_events_organizer_id_users", type_="foreignkey")
        events.alter_column("organizer_id", new_column_name="created_by", existing_type=ID)
    with _events() as events:
        events.create_foreign_key(
            op.f("fk_events_created_by_users"), "users", ["created_by"], ["id"]
        )
        events.create_foreign_key(
            op.f("fk_events_organization_id_organizations"),
            "organizations",
            ["organization_id"],
            ["id"],
        )
    op.create_index(op.f("ix_events_created_by"), "events", ["created_by"])
    op.create_index(op.f("ix_events_organization_id"), "events", ["organization_id"])


def downgrade() -> None:
    op.drop_index("ix_events_created_by", "events")
    op.drop_index("ix_events_organization_id", "events")
    with _events() as events:
        events.drop_constraint("fk_events_created_by_users", type_="foreignkey")
        events.drop_constraint("fk_events_organization_id_organizations", type_="foreignkey")
        events.drop_column("organization_id")
        events.alter_column("created_by", new_column_name="organizer_id", existing_type=ID)
    with _events() as events:
        events.create_foreign_key(
            op.f("fk_events_organizer_id_users"), "users", ["organizer_id"], ["id"]
        )
    op.create_index("ix_events_organizer_id", "events", ["organizer_id"])
    op.drop_table("memberships")
    op.drop_table("organizations")


def _events() -> AbstractContextManager[BatchOperations]:
    """Changes the table; SQLite copies it."""
    return op.batch_alter_table(
        "events",
        table_kwargs={"sqlite_autoincrement": True},
    )
