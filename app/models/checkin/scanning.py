from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import DeviceId, EventId, UserId
from app.models.base import Base, Id, id_column


class EventStaff(Base):
    """An account that may check in tickets of one event, and nothing else of it."""

    __tablename__ = "event_staff"

    event_id: Mapped[EventId] = mapped_column(
        Id, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), primary_key=True)
    added_by: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    added_at: Mapped[datetime]


class ScannerDevice(Base):
    """A phone at a gate of one event. It shows a one-time code once, and then has its own token.

    Of both secrets only the hash is kept. The token opens the check-in of its event, nothing else.
    """

    __tablename__ = "scanner_devices"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[DeviceId] = id_column()
    event_id: Mapped[EventId] = mapped_column(
        Id, ForeignKey("events.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(100))
    gate: Mapped[str | None] = mapped_column(String(60))
    created_by: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[datetime]
    enrolment_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the one-time code; ``None`` once it was used."""
    enrolment_until: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
