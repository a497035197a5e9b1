from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, PaymentId
from app.models.base import Base, Id, id_column


class Dispute(Base):
    """A buyer's bank wants the money of a payment back, as the provider told us.

    ``status``, ``category`` and ``resolution`` are the provider's words.
    """

    __tablename__ = "disputes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = id_column()
    payment_id: Mapped[PaymentId] = mapped_column(Id, ForeignKey("payments.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its payment, again."""
    provider_id: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str | None] = mapped_column(String(64))
    category: Mapped[str | None] = mapped_column(String(64))
    resolution: Mapped[str | None] = mapped_column(String(64))
    amount_minor: Mapped[int | None] = mapped_column(Id)
    """What the bank wants back; ``None``: not told."""
    due_at: Mapped[datetime | None]
    """Until when the shop may answer on the provider's dashboard."""
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    """When the provider told that it is over; nothing changes it any more."""
    closed_at: Mapped[datetime | None]
    """When an admin said that nothing is left to do about it, once it was lost."""
