from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, OrderId, OrderNoteId, UserId
from app.models.base import Base, Id, id_column

MOST_CHARACTERS: Final = 2000


MOST_NOTES: Final = 100
"""Of one order, so that all of them are shown together."""


class OrderNote(Base):
    """What a member of the organization wrote down about an order. Only ever added."""

    __tablename__ = "order_notes"
    __table_args__ = (
        Index("ix_order_notes_order_id", "order_id"),
        Index("ix_order_notes_author_id", "author_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[OrderNoteId] = id_column()
    order_id: Mapped[OrderId] = mapped_column(Id, ForeignKey("orders.id"))
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its order, again."""
    author_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(String(MOST_CHARACTERS))
    at: Mapped[datetime]
