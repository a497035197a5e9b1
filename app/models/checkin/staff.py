from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, UserId
from app.models.base import Base, Id


class EventStaff(Base):
    """An account that may check in tickets of one event, and nothing else of it."""

    __tablename__ = "event_staff"

    event_id: Mapped[EventId] = mapped_column(
        Id, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), primary_key=True)
    added_by: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    added_at: Mapped[datetime]
