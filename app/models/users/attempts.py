from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AttemptCount(Base):
    """Attempts under one key since ``window_started_at``, for all workers together.

    The key is a hash of what is counted, such as logins to one account or from one network.
    """

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_window_started_at", "window_started_at"),)

    key: Mapped[str] = mapped_column("account_key", String(64), primary_key=True)
    window_started_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer)
    paused_until: Mapped[datetime | None]
    """Until then no attempt is counted; ``None``: the next one may be made."""
