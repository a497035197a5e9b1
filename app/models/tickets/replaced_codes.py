from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, TicketId, UserId
from app.models.base import Base, Id, id_column


class ReplacedCode(Base):
    """What an earlier version of a ticket was known by: it opens nothing, and can be told why.

    ``reason`` is the organizer's for issuing it again, ``None`` when it was transferred.
    """

    __tablename__ = "replaced_codes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = id_column()
    ticket_id: Mapped[TicketId] = mapped_column(Id, ForeignKey("tickets.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its ticket, again."""
    version: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    link_key: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    """Whose ticket it was."""
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    """Who issued it again, or took it over."""
    reason: Mapped[str | None] = mapped_column(String(300))
