from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AppliedMigration(Base):
    """A migration that the database has, for releases that do not know it.

    Each migration says in its file whether code from before it may go on working, as
    ``safe_for_old_code``.
    """

    __tablename__ = "applied_migrations"

    revision: Mapped[str] = mapped_column(String(32), primary_key=True)
    down_revision: Mapped[str | None] = mapped_column(String(32))
    safe_for_old_code: Mapped[bool]
