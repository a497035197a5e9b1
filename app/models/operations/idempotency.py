from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import OrderId
from app.models.base import Base, Id, id_column


class IdempotencyKey(Base):
    """A call a client named, so that repeating it changes nothing and answers the same.

    While ``status`` is ``None`` the call is being worked on by ``owner`` since ``claimed_at``.
    ``order_id`` leads back to what the call had done when its process died.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("caller", "operation", "key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = id_column()
    caller: Mapped[str] = mapped_column(String(64))
    operation: Mapped[str] = mapped_column(String(128))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    owner: Mapped[str] = mapped_column(String(64))
    claimed_at: Mapped[datetime] = mapped_column(index=True)
    order_id: Mapped[OrderId | None] = mapped_column(Id, ForeignKey("orders.id"))
    status: Mapped[int | None] = mapped_column(Integer)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
