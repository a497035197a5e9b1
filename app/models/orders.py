from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, OrderId, TicketTypeId, UserId
from app.domain.money import Money
from app.domain.states import OrderStatus
from app.models.base import Base, Id, as_text, id_column


class Order(Base):
    """Places somebody wants, held until ``expires_at`` and then either paid or released."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("total_minor >= 0", name="total"),
        Index("ix_orders_status_expires_at", "status", "expires_at"),
    )

    id: Mapped[OrderId] = id_column()
    buyer_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id"), index=True)
    ticket_type_id: Mapped[TicketTypeId] = mapped_column(Id, ForeignKey("ticket_types.id"))
    quantity: Mapped[int] = mapped_column(Integer)
    total_minor: Mapped[int] = mapped_column(Id)
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[OrderStatus] = mapped_column(as_text(OrderStatus))
    placed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)
