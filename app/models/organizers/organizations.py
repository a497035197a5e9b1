from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.ids import OrganizationId, UserId
from app.domain.organizers.organizations import OrganizationKind
from app.domain.permissions import OrganizationRole
from app.models.base import Base, Id, as_text, id_column, index_where


class Organization(Base):
    """Who organizes events. Its members have a role each; rights to its events come from that.

    A personal one is made with an account's first event and has that account alone as its member.
    The demo organization has none: to it belong events created without a login.
    """

    __tablename__ = "organizations"
    __table_args__ = (
        CheckConstraint("(kind = 'personal') = (personal_of IS NOT NULL)", name="personal"),
        index_where("uq_organizations_demo", "kind", unique=True, where="kind = 'demo'"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[OrganizationId] = id_column()
    kind: Mapped[OrganizationKind] = mapped_column(as_text(OrganizationKind))
    personal_of: Mapped[UserId | None] = mapped_column(Id, ForeignKey("users.id"), unique=True)
    """The account whose own it is."""
    name: Mapped[str] = mapped_column(String(120))
    """What people read on tickets and pages."""
    contact_email: Mapped[str | None] = mapped_column(String(254))
    """The public contact address."""
    reply_to: Mapped[str | None] = mapped_column(String(254))
    """Where answers to mails about its events go; ``None``: to ``contact_email``, if any."""
    colour: Mapped[str | None] = mapped_column(String(7))
    """Such as ``#1a5fb4``."""
    logo_key: Mapped[str | None] = mapped_column(String(32), ForeignKey("pictures.key"), index=True)
    """Of the logo that was uploaded; see ``models/events/pictures.py``."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Membership(Base):
    """An account in an organization."""

    __tablename__ = "memberships"

    organization_id: Mapped[OrganizationId] = mapped_column(
        Id, ForeignKey("organizations.id"), primary_key=True
    )
    user_id: Mapped[UserId] = mapped_column(
        Id, ForeignKey("users.id"), primary_key=True, index=True
    )
    role: Mapped[OrganizationRole] = mapped_column(as_text(OrganizationRole))
    created_at: Mapped[datetime]
