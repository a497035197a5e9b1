from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId
from app.domain.states import OutboxKind, OutboxStatus
from app.models.base import Base, Id, Leased, as_text, id_column, index_where


class OutboxMessage(Leased, Base):
    """A message to send, written in the same commit as its cause.

    ``subject_id`` is the id of the row the message is about, by ``kind``: an order, a refund, an
    announcement, ... ``addressee_id`` is the user it goes to where many get one about the same
    subject, else 0: the subject says who. For a ticket issued again it is the ticket's version.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index("ix_outbox_messages_status_work_at", "status", "work_at"),
        # For their end. Mails with tickets have none, so that no sale has to write here.
        index_where("ix_outbox_messages_work_at", "work_at", where="kind <> 'tickets-issued'"),
        Index(
            "uq_outbox_messages_kind_subject_id_addressee_id",
            "kind",
            "subject_id",
            "addressee_id",
            unique=True,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = id_column()
    kind: Mapped[OutboxKind] = mapped_column(as_text(OutboxKind))
    subject_id: Mapped[int] = mapped_column(Id)
    event_id: Mapped[EventId | None] = mapped_column(Id)
    """That of its subject, again; ``None``: it is of none, such as an account."""
    addressee_id: Mapped[int] = mapped_column(Id, default=0)
    status: Mapped[OutboxStatus] = mapped_column(as_text(OutboxStatus))
    created_at: Mapped[datetime]
    work_at: Mapped[datetime]
    """When to try next."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    resends: Mapped[int] = mapped_column(Integer, default=0)
    """How often it was requested again: each is a mail of its own to a mailbox."""
    resent_at: Mapped[datetime | None]
    """When it was last asked for again after it had ended: it is due since then."""
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(300))
