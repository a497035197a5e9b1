from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id


class FailedItem(Base):
    """An item of a background job that failed and is put off; the row ends when it works again."""

    __tablename__ = "failed_items"
    __table_args__ = (Index("ix_failed_items_retry_at", "retry_at"),)

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    item_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    """The id of the row that the job acts on."""
    error: Mapped[str] = mapped_column(String(100))
    """The name of the error's class: messages may quote values that belong in no table."""
    tries: Mapped[int] = mapped_column(Integer)
    failed_at: Mapped[datetime]
    """When it failed first."""
    retry_at: Mapped[datetime]
