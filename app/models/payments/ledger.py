from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId
from app.domain.payments.ledger import Account
from app.models.base import Base, Id, as_text, id_column


class LedgerEntry(Base):
    """One line of a posting. Lines are only ever added; a ``posting`` happens once."""

    __tablename__ = "ledger_entries"
    __table_args__ = (UniqueConstraint("posting", "account"), {"sqlite_autoincrement": True})

    id: Mapped[int] = id_column()
    posting: Mapped[str] = mapped_column(String(64))
    account: Mapped[Account] = mapped_column(as_text(Account))
    amount_minor: Mapped[int] = mapped_column(Id)
    currency: Mapped[str] = mapped_column(String(3))
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id"), index=True)
    at: Mapped[datetime]
