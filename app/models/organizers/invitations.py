from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import InvitationId, OrganizationId, UserId
from app.domain.organizers.organizations import InvitationState
from app.domain.permissions import OrganizationRole
from app.domain.ports import LinkSubject
from app.domain.users.names import EMAIL_KEY
from app.models.base import Base, Id, as_text, id_column, index_where


class Invitation(Base):
    """An e-mail address asked into an organization; at most one invitation of it is open."""

    __tablename__ = "invitations"
    __table_args__ = (
        index_where(
            "uq_invitations_open",
            "organization_id",
            "email_key",
            unique=True,
            where="state = 'open'",
        ),
        Index("ix_invitations_email_key", "email_key"),
        Index("ix_invitations_expires_at", "expires_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[InvitationId] = id_column()
    organization_id: Mapped[OrganizationId] = mapped_column(Id, ForeignKey("organizations.id"))
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(EMAIL_KEY))
    role: Mapped[OrganizationRole] = mapped_column(as_text(OrganizationRole))
    state: Mapped[InvitationState] = mapped_column(as_text(InvitationState))
    invited_by: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was accepted, declined or revoked."""

    @property
    def link_subject(self) -> LinkSubject:
        """What the secret of its link is made from."""
        return LinkSubject("invitation", self.id, self.invited_at)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be accepted, as far as it knows."""
        return self.state == InvitationState.OPEN and now < self.expires_at
