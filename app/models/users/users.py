from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates
from sqlalchemy.orm.attributes import flag_modified

from app.domain.actors import Actor
from app.domain.ids import SessionId, UserId
from app.domain.languages import Language
from app.domain.states import Role
from app.domain.text import address_key, name_key
from app.domain.users.names import (
    EMAIL_KEY,
    FULL_NAME_KEY,
    GUEST,
    USERNAME_KEY,
    address_of_deleted,
    full_name_key,
)
from app.models.base import Base, Id, as_text, id_column, index_where


class User(Base):
    """An account, or a guest: an address that bought without one, and can never log in.

    The ``…_key`` columns hold what makes a name the same name in other letters.
    """

    __tablename__ = "users"
    __table_args__ = (
        # For beginnings of names: PostgreSQL's own order of letters is not that of their bytes.
        Index(
            "ix_users_email_key_beginning",
            "email_key",
            postgresql_ops={"email_key": "varchar_pattern_ops"},
        ),
        Index(
            "ix_users_username_key_beginning",
            "username_key",
            postgresql_ops={"username_key": "varchar_pattern_ops"},
        ),
        index_where(
            "ix_users_full_name_key",
            "full_name_key",
            where="full_name_key IS NOT NULL",
            postgresql_ops={"full_name_key": "varchar_pattern_ops"},
        ),
        index_where("ix_users_admins", "id", where="role = 'admin'"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[UserId] = id_column()
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(EMAIL_KEY), unique=True)
    username: Mapped[str] = mapped_column(String(64))
    username_key: Mapped[str] = mapped_column(String(USERNAME_KEY), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str | None] = mapped_column(String(120))
    full_name_key: Mapped[str | None] = mapped_column(String(FULL_NAME_KEY))
    """What ``full_name`` is found by."""
    role: Mapped[Role] = mapped_column(as_text(Role))
    created_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]
    """When a secret sent to the present address came back; ``None``: not yet."""
    address_since: Mapped[datetime | None]
    """When it left the address before this one; ``None``: it has had no other."""
    language: Mapped[Language | None] = mapped_column(as_text(Language))
    """What it reads mail in; ``None``: as the shop does."""
    disabled_at: Mapped[datetime | None]
    """Since when it cannot log in; ``None``: it can."""

    @validates("full_name")
    def _keep_key(self, _field: str, name: str | None) -> str | None:
        self.full_name_key = None if name is None else full_name_key(name)
        return name

    @property
    def actor(self) -> Actor:
        """The account as one who asks."""
        return Actor(user_id=self.id, role=self.role, email_confirmed=self.email_confirmed)

    @property
    def email_confirmed(self) -> bool:
        return self.email_confirmed_at is not None

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None

    @property
    def is_deleted(self) -> bool:
        """Whether the account was deleted, told by its address, which no other account can have."""
        return self.email == address_of_deleted(self.id)

    @property
    def is_guest(self) -> bool:
        """Whether it stands for a buyer without an account, told by the key of its address."""
        return self.email_key.startswith(GUEST)

    def rename(self, *, email: str | None, username: str | None) -> None:
        """Change the names the account is known by; ``None`` keeps one."""
        if email is not None:
            if self.email_key != address_key(email):
                self.email_confirmed_at = None
                # Stored also where it was read as None: another transaction may have confirmed
                # the old address since.
                flag_modified(self, "email_confirmed_at")
            self.email, self.email_key = email, address_key(email)
        if username is not None:
            self.username, self.username_key = username, name_key(username)

    def move(self, email: str, *, now: datetime) -> None:
        """Have another address from now on, whose reader has just confirmed it."""
        self.rename(email=email, username=None)
        self.email_confirmed_at = self.address_since = now

    def had_address(self, at: datetime) -> bool:
        """Whether it has now the address that it had then, if it had one."""
        return self.address_since is None or at > self.address_since

    def empty(self, *, mark: str, password_hash: str, now: datetime) -> None:
        """Take away all that tells whose account it was, its rights, and how to log in.

        Args:
            mark: makes the new user name a free one.
            password_hash: one that no password has.
            now: the present moment.
        """
        self.rename(email=address_of_deleted(self.id), username=f"deleted-{self.id}-{mark}")
        self.full_name, self.email_confirmed_at, self.language = None, None, None
        self.password_hash, self.role = password_hash, Role.BUYER
        self.disabled_at = self.disabled_at or now


class LoginSession(Base):
    """One login on one device: all tokens that descend from it end with it."""

    __tablename__ = "login_sessions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[SessionId] = id_column()
    user_id: Mapped[UserId] = mapped_column(Id, ForeignKey("users.id"), index=True)
    started_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    network: Mapped[str | None] = mapped_column(String(64))
    """Where it began: an IPv4 /24 or an IPv6 /48; ``None``: not known."""
    client_kind: Mapped[str | None] = mapped_column(String(16))
    """A ``ClientKind``; ``None``: not known."""


class RefreshToken(Base):
    """A token that may be exchanged once for a new pair; only its hash is stored."""

    __tablename__ = "refresh_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[SessionId] = mapped_column(Id, ForeignKey("login_sessions.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
