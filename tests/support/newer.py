"""A database that a newer release has migrated."""

from sqlalchemy import insert, text

from app.database.schema import APPLIED, revision
from app.repositories.database import Database


def migrate_beyond(database: Database, *, safe: bool, to: str = "9999") -> None:
    """Have it look as after one more migration, which this release does not know."""
    before = revision(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": to})
        connection.execute(
            insert(APPLIED).values(revision=to, down_revision=before, safe_for_old_code=safe)
        )
