from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.admins.actions import AdminActionKind, AdminSubject
from app.domain.ids import UserId
from app.models.base import Base, Id, as_text, id_column


class AdminAction(Base):
    """Something an admin did as an admin. Rows are added, never changed; see retention.

    ``account_id`` is the account whose data it is about: the buyer of an order, the holder of a
    ticket. ``subject_id`` is the id of the row that ``subject`` names.
    """

    __tablename__ = "admin_actions"
    __table_args__ = (
        Index("ix_admin_actions_at_id", "at", "id"),
        Index("ix_admin_actions_account_id", "account_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = id_column()
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    """Such as ``user:7``; ``operator``: the command line."""
    action: Mapped[AdminActionKind] = mapped_column(as_text(AdminActionKind))
    subject: Mapped[AdminSubject | None] = mapped_column(as_text(AdminSubject))
    subject_id: Mapped[int | None] = mapped_column(Id)
    account_id: Mapped[UserId | None] = mapped_column(Id, ForeignKey("users.id"))
    words: Mapped[str | None] = mapped_column(String(400))
    """What was searched for, as names are compared."""
    detail: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(300))
    """The admin's own; look-ups and the command line have none."""
