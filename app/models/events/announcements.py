from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import AnnouncementId, EventId, UserId
from app.domain.states import AnnouncementKind
from app.models.base import Base, Id, as_text, id_column


class Announcement(Base):
    """Something every ticket holder of an event is told; the work loop turns it into messages.

    It goes through the holders by their ids, some at a time: ``after_user_id`` is how far it is.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_work_at", "work_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[AnnouncementId] = id_column()
    event_id: Mapped[EventId] = mapped_column(
        Id, ForeignKey("events.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[AnnouncementKind] = mapped_column(as_text(AnnouncementKind))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What changed: the names of what readers see, each with the text before and after.

    Of a message its subject, text and author, each in a list of one.
    """
    created_at: Mapped[datetime]
    work_at: Mapped[datetime | None]
    """When to go on; ``None`` when everybody was told."""
    after_user_id: Mapped[UserId] = mapped_column(Id, default=0)
