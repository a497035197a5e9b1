from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import EventId, TicketId, TransferId, UserId
from app.domain.ports import LinkSubject
from app.domain.states import TransferState
from app.models.base import Base, Id, as_text, id_column, index_where


class TicketTransfer(Base):
    """A ticket offered to an e-mail address; at most one offer of it is open."""

    __tablename__ = "ticket_transfers"
    __table_args__ = (
        index_where(
            "uq_ticket_transfers_open", "ticket_id", unique=True, where="state = 'offered'"
        ),
        Index("ix_ticket_transfers_state_expires_at", "state", "expires_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[TransferId] = id_column()
    ticket_id: Mapped[TicketId] = mapped_column(Id, ForeignKey("tickets.id"), index=True)
    event_id: Mapped[EventId] = mapped_column(Id)
    """That of its ticket, again."""
    ticket_version: Mapped[int] = mapped_column(Integer)
    """Of the ticket when it was offered: another one ends the offer."""
    from_user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), index=True)
    to_email: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[TransferState] = mapped_column(as_text(TransferState))
    offered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    accepted_by: Mapped[UserId | None] = mapped_column(Id, ForeignKey("users.id"), index=True)

    @property
    def link_subject(self) -> LinkSubject:
        """What the secret of its link is made from."""
        return LinkSubject("transfer", self.id, self.offered_at)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted, as far as it knows."""
        return self.state == TransferState.OFFERED and now < self.expires_at
