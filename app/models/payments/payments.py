from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, OrderId, PaymentId, RefundId
from app.domain.money import Money
from app.domain.payments.ledger import Account
from app.domain.ports import LinkSubject
from app.domain.states import SETTLED_PAYMENTS, PaymentStatus, RefundState
from app.models.base import Base, Id, Leased, as_text, id_column, index_where


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Money that arrived for an order, as the provider reports it, or who took it in cash.

    Attributes:
        amount: what was asked for.
        fee_minor: what the provider kept; ``None``: not known.
        surplus_minor: what was charged beyond ``amount``.
        into: where the money lies.
    """

    payment_id: PaymentId
    reference: str
    amount: Money
    fee_minor: int | None
    surplus_minor: int = 0
    into: Account = Account.PAYSTACK


class Payment(Leased, Base):
    """One attempt to pay an order, under a reference of ours that is used once."""

    __tablename__ = "payments"
    __table_args__ = (
        # What is settled has no such moment: the index holds open matters only.
        index_where("ix_payments_ask_at", "ask_at", where="ask_at IS NOT NULL"),
        index_where(
            "ix_payments_transaction_id", "transaction_id", where="transaction_id IS NOT NULL"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[PaymentId] = id_column()
    order_id: Mapped[OrderId] = mapped_column(Id, ForeignKey("orders.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its order, again."""
    reference: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[PaymentStatus] = mapped_column(as_text(PaymentStatus))
    amount_minor: Mapped[int] = mapped_column(Id)
    currency: Mapped[str] = mapped_column(String(3))
    authorization_url: Mapped[str | None] = mapped_column(String(2000))
    transaction_id: Mapped[str | None] = mapped_column(String(64))
    fee_minor: Mapped[int | None] = mapped_column(Id)
    surplus_minor: Mapped[int] = mapped_column(Id, default=0, server_default=text("0"))
    """What the buyer paid beyond ``amount``: fees that the account at the provider adds."""
    reason: Mapped[str | None] = mapped_column(String(300))
    started_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    disputed_at: Mapped[datetime | None]
    """When the provider first told that the buyer's bank wants the money back."""
    ask_at: Mapped[datetime | None]
    """When to ask the provider next; ``None`` when there is nothing left to ask."""
    asked: Mapped[int] = mapped_column(Integer, default=0)

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def link_subject(self) -> LinkSubject:
        """What the secret in its callback address is made from."""
        return LinkSubject("payment", self.id, self.started_at)

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED_PAYMENTS

    def surplus_of(self, charged: Money | None) -> int | None:
        """Minor units by which a charge exceeds what was asked; ``None`` if it falls short.

        An account can add its fees to what the buyer pays: the provider then charges more than it
        was asked for. Another currency falls short, whatever the number.
        """
        if charged is None or charged.currency != self.currency:
            return None
        surplus = charged.minor - self.amount_minor
        return surplus if surplus >= 0 else None

    def receipt(self, *, fee_minor: int | None, surplus_minor: int) -> Receipt:
        """What its money bought, as the provider reports it."""
        return Receipt(
            payment_id=self.id,
            reference=self.reference,
            amount=self.amount,
            fee_minor=fee_minor,
            surplus_minor=surplus_minor,
        )

    def disputed_minor(self, claimed: int | None) -> int:
        """Minor units that a bank takes back of it, which claims so many; ``None``: all of it."""
        charged = self.amount_minor + self.surplus_minor
        return charged if claimed is None else min(claimed, charged)


class Refund(Leased, Base):
    """Money that goes back to a buyer; its id travels with it in the provider's note."""

    __tablename__ = "refunds"
    __table_args__ = (
        index_where("ix_refunds_ask_at", "ask_at", where="ask_at IS NOT NULL"),
        index_where("ix_refunds_wanted_at", "wanted_at", where="wanted_at IS NOT NULL"),
        index_where("ix_refunds_stuck", "state", where="state IN ('failed', 'needs-attention')"),
        # One refund of the provider's stands for one row.
        Index("uq_refunds_payment_id_provider_id", "payment_id", "provider_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[RefundId] = id_column()
    payment_id: Mapped[PaymentId] = mapped_column(Id, ForeignKey("payments.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its payment, again."""
    amount_minor: Mapped[int] = mapped_column(Id)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(300))
    actor: Mapped[str] = mapped_column(String(64))
    state: Mapped[RefundState] = mapped_column(as_text(RefundState))
    provider_id: Mapped[str | None] = mapped_column(String(64), index=True)
    requested_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ask_at: Mapped[datetime | None]
    wanted_at: Mapped[datetime | None]
    """When the provider had news of it that was not looked at yet; no lease is shortened by it."""
    sent_at: Mapped[datetime | None]
    """When the provider was last asked to make it. Without a ``provider_id``, no answer came."""
    asked: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(String(300))
    done_by: Mapped[str | None] = mapped_column(String(64))
    """Who said that the money went back by other means; ``None``: the provider's word counts."""
    done_note: Mapped[str | None] = mapped_column(String(200))
    taken_minor: Mapped[int | None] = mapped_column(Id)
    """What banks had taken back of its payment by then; ``None``: the payment bought nothing."""

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class WebhookDelivery(Leased, Base):
    """A signed message from the provider, noted before it is answered; repeats share a row.

    Its body is not kept: cards, addresses and the like of buyers are in it, and nothing needs them.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("ix_webhook_deliveries_work_at", "work_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = id_column()
    body_hash: Mapped[str] = mapped_column(String(64), unique=True)
    event: Mapped[str] = mapped_column(String(100))
    reference: Mapped[str | None] = mapped_column(String(64), index=True)
    received_at: Mapped[datetime]
    work_at: Mapped[datetime | None]
    """When to act on it; ``None`` once that is done."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str | None] = mapped_column(String(300))
