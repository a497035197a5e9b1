from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, ExportId, UserId
from app.domain.organizers.exports import ExportFormat, ExportKind, ExportState
from app.models.base import Base, Id, Leased, as_text, id_column


class ExportJob(Leased, Base):
    """A file of an event that a member has prepared in the background, and alone may download."""

    __tablename__ = "export_jobs"
    __table_args__ = (
        Index("ix_export_jobs_work_at", "work_at"),
        Index("ix_export_jobs_expires_at", "expires_at"),
        Index("ix_export_jobs_requested_by_requested_at", "requested_by", "requested_at"),
        Index("ix_export_jobs_event_id", "event_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[ExportId] = id_column()
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id", ondelete="CASCADE"))
    requested_by: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    kind: Mapped[ExportKind] = mapped_column(as_text(ExportKind))
    form: Mapped[ExportFormat] = mapped_column(as_text(ExportFormat))
    state: Mapped[ExportState] = mapped_column(as_text(ExportState))
    rows: Mapped[int] = mapped_column(Integer, default=0)
    """Written so far."""
    rows_expected: Mapped[int | None] = mapped_column(Integer)
    """How many there were when it was begun; ``None``: it was not yet."""
    bytes: Mapped[int | None] = mapped_column(Id)
    file: Mapped[str | None] = mapped_column(String(100))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    requested_at: Mapped[datetime]
    work_at: Mapped[datetime | None]
    """When to begin, or to begin again; ``None`` once it has ended."""
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    """When it is deleted with its file."""
