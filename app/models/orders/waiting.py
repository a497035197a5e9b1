from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, OrderId, TicketTypeId, UserId, WaitingEntryId
from app.domain.orders.waiting import WaitingEnd
from app.domain.ports import LinkSubject
from app.domain.states import WaitingState
from app.models.base import Base, Id, as_text, id_column


class WaitingEntry(Base):
    """An account's place in the line for a sold-out ticket type.

    Of those whom the free places would do for, who joined first is served first.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        Index(
            "ix_waiting_entries_state_ticket_type_id_joined_at_id",
            "state",
            "ticket_type_id",
            "joined_at",
            "id",
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[WaitingEntryId] = id_column()
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id"))
    ticket_type_id: Mapped[TicketTypeId] = mapped_column(Id, ForeignKey("ticket_types.id"))
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), index=True)
    buyer_name: Mapped[str | None] = mapped_column(String(120))
    """As of an order: what a guest gave as their name."""
    quantity: Mapped[int] = mapped_column(Integer)
    state: Mapped[WaitingState] = mapped_column(as_text(WaitingState))
    joined_at: Mapped[datetime]
    ended_because: Mapped[WaitingEnd | None] = mapped_column(as_text(WaitingEnd))
    """``None`` unless it is ``ENDED``."""
    order_id: Mapped[OrderId | None] = mapped_column(Id, ForeignKey("orders.id"), index=True)

    @property
    def link_subject(self) -> LinkSubject:
        """What the secret of a guest's link to it is made from."""
        return LinkSubject("wait", self.id, self.joined_at)

    @property
    def is_waiting(self) -> bool:
        return self.state == WaitingState.WAITING
