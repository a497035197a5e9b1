from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import AccountRequestId, UserId
from app.domain.ports import LinkSubject
from app.domain.states import AccountRequestKind
from app.domain.users.names import EMAIL_KEY
from app.models.base import Base, Id, as_text, id_column


class AccountRequest(Base):
    """Something the owner of an account may do once, with the secret link sent to ``email``."""

    __tablename__ = "account_requests"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[AccountRequestId] = id_column()
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), index=True)
    kind: Mapped[AccountRequestKind] = mapped_column(as_text(AccountRequestKind))
    email: Mapped[str] = mapped_column(String(254))
    kept_key: Mapped[str | None] = mapped_column(String(EMAIL_KEY), index=True)
    """The key of an address that no account may be opened with as long as this is open."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    """When it was used, or made way for a newer one."""

    @property
    def link_subject(self) -> LinkSubject:
        """What the secret of its link is made from."""
        return LinkSubject(f"account-request:{self.kind}", self.id, self.created_at)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.expires_at > now
