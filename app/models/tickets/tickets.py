from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.domain.ids import CheckInId, EventId, OrderId, RefundId, TicketId, TicketTypeId, UserId
from app.domain.states import TicketStatus
from app.domain.users.names import FULL_NAME_KEY, full_name_key
from app.models.base import Base, Id, as_text, id_column, index_where


class Ticket(Base):
    """The right of one person to enter one event.

    ``code`` is the short code, the secret inside the QR code; ``link_key`` is the one in the
    address of the ticket's page. Both are new with each ``version``: an older one opens nothing.
    ``number`` counts the tickets of an order from 1, so that none can be issued twice.

    A ``revoked`` one keeps its place and can be refunded, but opens no door.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        index_where(
            "ix_tickets_attendee_key",
            "attendee_key",
            where="attendee_key IS NOT NULL",
            postgresql_ops={"attendee_key": "varchar_pattern_ops"},
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[TicketId] = id_column()
    order_id: Mapped[OrderId] = mapped_column(Id, ForeignKey("orders.id"))
    number: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id"), index=True)
    ticket_type_id: Mapped[TicketTypeId] = mapped_column(Id, ForeignKey("ticket_types.id"))
    attendee_name: Mapped[str | None] = mapped_column(String(120))
    attendee_key: Mapped[str | None] = mapped_column(String(FULL_NAME_KEY))
    """What ``attendee_name`` is found by; a statement that changes one changes both."""
    code: Mapped[str] = mapped_column(String(64), unique=True)
    link_key: Mapped[str] = mapped_column(String(64), unique=True)
    paid_minor: Mapped[int] = mapped_column(Id)
    """What was paid for it after discounts."""
    refunded_minor: Mapped[int | None] = mapped_column(Id)
    """What went back of it. ``None``: nothing if it is valid, all that was paid if it is void."""
    refund_id: Mapped[RefundId | None] = mapped_column(Id, ForeignKey("refunds.id"), index=True)
    status: Mapped[TicketStatus] = mapped_column(as_text(TicketStatus))
    purchase_date: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer, default=1)
    key_id: Mapped[int] = mapped_column(Integer)
    """The key its codes are signed with."""
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(300))
    used_at: Mapped[datetime | None]
    """When its holder came in, the last time if the event lets people out and in again."""
    inside: Mapped[bool] = mapped_column(default=False)
    entry_id: Mapped[CheckInId | None] = mapped_column(Id)
    """The check-in that let its holder in, and counts."""

    @validates("attendee_name")
    def _keep_key(self, _field: str, name: str | None) -> str | None:
        self.attendee_key = None if name is None else full_name_key(name)
        return name

    @property
    def left_minor(self) -> int:
        """What a refund of it gives back, as long as it is valid."""
        return self.paid_minor - (self.refunded_minor or 0)

    @property
    def is_used(self) -> bool:
        return self.used_at is not None


class ReplacedCode(Base):
    """What an earlier version of a ticket was known by: it opens nothing, and can be told why.

    ``reason`` is the organizer's for issuing it again, ``None`` when it was transferred.
    """

    __tablename__ = "replaced_codes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = id_column()
    ticket_id: Mapped[TicketId] = mapped_column(Id, ForeignKey("tickets.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its ticket, again."""
    version: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    link_key: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    """Whose ticket it was."""
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    """Who issued it again, or took it over."""
    reason: Mapped[str | None] = mapped_column(String(300))
