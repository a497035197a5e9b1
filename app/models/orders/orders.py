from datetime import datetime
from typing import Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.domain.ids import EventId, OrderId, OrderNoteId, PromoCodeId, TicketTypeId, UserId
from app.domain.languages import Language
from app.domain.money import Money
from app.domain.ports import LinkSubject
from app.domain.states import OrderKind, OrderStatus
from app.domain.users.names import FULL_NAME_KEY, full_name_key
from app.models.base import Base, Id, as_text, id_column, index_where

LONGEST_NOTE: Final = 2000

MOST_NOTES: Final = 100
"""Of one order, so that all of them are shown together."""


class Order(Base):
    """Places for one buyer, held until ``expires_at`` and then either paid or released."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="total"),
        Index("ix_orders_status_expires_at", "status", "expires_at"),
        Index("ix_orders_event_id_status", "event_id", "status"),
        index_where(
            "ix_orders_buyer_name_key",
            "buyer_name_key",
            where="buyer_name_key IS NOT NULL",
            postgresql_ops={"buyer_name_key": "varchar_pattern_ops"},
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[OrderId] = id_column()
    buyer_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id"))
    total_minor: Mapped[int] = mapped_column(Id)
    discount_minor: Mapped[int] = mapped_column(Id, default=0)
    promo_code_id: Mapped[PromoCodeId | None] = mapped_column(Id, ForeignKey("promo_codes.id"))
    request_key: Mapped[str | None] = mapped_column(String(64))
    """Of what the buyer asked for: the same again is about this order while it is unpaid."""
    buyer_name: Mapped[str | None] = mapped_column(String(120))
    """What a guest gave as their name with this order; ``None``: as the account is called."""
    buyer_name_key: Mapped[str | None] = mapped_column(String(FULL_NAME_KEY))
    """What ``buyer_name`` is found by; a statement that changes one changes both."""
    language: Mapped[Language | None] = mapped_column(as_text(Language))
    """What a guest read when they placed it; ``None``: as the account reads."""
    currency: Mapped[str] = mapped_column(String(3))
    kind: Mapped[OrderKind] = mapped_column(
        as_text(OrderKind), default=OrderKind.ONLINE, server_default=OrderKind.ONLINE.value
    )
    status: Mapped[OrderStatus] = mapped_column(as_text(OrderStatus))
    placed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    """When its buyer's address was last corrected: links from before end then."""

    items: Mapped[list["OrderItem"]] = relationship(
        order_by="OrderItem.ticket_type_id", cascade="all"
    )

    @validates("buyer_name")
    def _keep_key(self, _field: str, name: str | None) -> str | None:
        self.buyer_name_key = None if name is None else full_name_key(name)
        return name

    @property
    def link_subject(self) -> LinkSubject:
        """What the secret of the link in its mails is made from."""
        return self._subject("order")

    @property
    def checkout_subject(self) -> LinkSubject:
        """The same of the link that who placed it was told at once, before any mail was read."""
        return self._subject("checkout")

    @property
    def links_since(self) -> datetime:
        """When the secrets of its links were made: they go to the address that it had then."""
        return self.moved_at or self.placed_at

    def _subject(self, kind: str) -> LinkSubject:
        if self.moved_at is None:
            return LinkSubject(kind, self.id, self.placed_at)
        return LinkSubject(f"moved-{kind}", self.id, self.moved_at)

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def quantity(self) -> int:
        """Places of all types."""
        return sum(item.quantity for item in self.items)


class OrderItem(Base):
    """Places of one type in an order, at the price they were ordered at."""

    __tablename__ = "order_items"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    order_id: Mapped[OrderId] = mapped_column(
        Id, ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True
    )
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its order, again."""
    ticket_type_id: Mapped[TicketTypeId] = mapped_column(
        Id, ForeignKey("ticket_types.id"), primary_key=True, index=True
    )
    quantity: Mapped[int] = mapped_column(Integer)
    unit_price_minor: Mapped[int] = mapped_column(Id)
    """What one costs after the discount."""
    unit_discount_minor: Mapped[int] = mapped_column(Id, default=0)
    attendees: Mapped[list[str]] = mapped_column(JSON, default=list)


class OrderChange(Base):
    """One step in an order's history, and who took it."""

    __tablename__ = "order_changes"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = id_column()
    order_id: Mapped[OrderId] = mapped_column(Id, ForeignKey("orders.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its order, again."""
    from_status: Mapped[OrderStatus | None] = mapped_column(as_text(OrderStatus))
    to_status: Mapped[OrderStatus] = mapped_column(as_text(OrderStatus))
    actor: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime]


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
    text: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    at: Mapped[datetime]
