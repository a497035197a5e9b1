from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import TwoStepId, UserId
from app.models.base import Base, Id, id_column, index_where


class TwoStepSecret(Base):
    """What an account's authenticator app and the shop share; at most one of it has not ended.

    It asks for codes once it was confirmed by a first one (``enabled_at``).
    """

    __tablename__ = "two_step_secrets"
    __table_args__ = (
        index_where(
            "uq_two_step_secrets_user_id", "user_id", unique=True, where="ended_at IS NULL"
        ),
        Index("ix_two_step_secrets_created_at", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[TwoStepId] = id_column()
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    box: Mapped[str] = mapped_column(String(200))
    """The secret, sealed; empty once it has ended."""
    created_at: Mapped[datetime]
    enabled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The newest time step whose code was used: neither it nor those before are taken again."""


class RecoveryCode(Base):
    """A code for who has lost the app; only its hash is kept. Each works once."""

    __tablename__ = "recovery_codes"

    two_step_id: Mapped[TwoStepId] = mapped_column(
        Id, ForeignKey("two_step_secrets.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None]
