from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.errors import EmailTaken, UsernameTaken
from app.domain.ids import SessionId, UserId
from app.domain.paging import Cursor, Page
from app.domain.states import Role
from app.domain.text import address_key, name_key
from app.domain.users.client_kinds import ClientKind
from app.domain.users.names import is_address
from app.models.users.users import LoginSession, RefreshToken, User
from app.repositories.base import Repository, broken_key, show, table_of
from app.repositories.rows import RowsOf

U: Final = User.__table__.c
S: Final = LoginSession.__table__.c

USERS: Final = RowsOf(User)

LOGGED_IN: Final = (
    select(*USERS.columns)
    .join_from(User.__table__, LoginSession.__table__, S.user_id == U.id)
    .where(
        U.id == bindparam("user_id"),
        S.id == bindparam("session_id"),
        S.revoked_at.is_(None),
        U.disabled_at.is_(None),
    )
)


TO_ORGANIZER: Final = (
    update(table_of(User))
    .where(U.id == bindparam("user_id"), U.role == Role.BUYER)
    .values(role=Role.ORGANIZER)
)


class UserRepository(Repository):
    def register(self, user: User) -> None:
        """Insert an account.

        Raises:
            EmailTaken: the address belongs to another account.
            UsernameTaken: the name belongs to another account.
        """
        self._db.add(user)
        self.save()

    def save(self) -> None:
        """Write changed accounts now, so that a name somebody else has is refused here.

        Raises:
            EmailTaken: the address belongs to another account.
            UsernameTaken: the name belongs to another account.
        """
        try:
            self._db.flush()
        except IntegrityError as error:
            match broken_key(error, "users.email_key", "users.username_key"):
                case "users.email_key":
                    raise EmailTaken from error
                case "users.username_key":
                    raise UsernameTaken from error
            raise

    def get(self, user_id: UserId) -> User:
        return self._db.get_one(User, user_id)

    def lock(self, user_id: UserId) -> User:
        """The account as it is now, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.
        """
        return self._db.get_one(
            User, user_id, with_for_update={"key_share": True}, populate_existing=True
        )

    def find_locked(self, user_id: UserId) -> User | None:
        """As ``lock``; ``None`` if there is no such account."""
        return self._one_locked(User.id == user_id)

    def lock_by_email(self, email: str) -> User | None:
        """As ``lock``, of the account that has this address when the lock is had."""
        return self._one_locked(User.email_key == address_key(email))

    def lock_by_name(self, name: str) -> User | None:
        """As ``find_by_name``, of the account that has this name when the lock is had."""
        return self._one_locked(_is_called(name))

    def find_by_name(self, name: str) -> User | None:
        """The account with this user name, or with this e-mail address if there is an @ in it.

        In whatever letters; never both are looked for, so that nobody is found by the other.
        """
        return self._one(_is_called(name))

    def find_by_email(self, email: str) -> User | None:
        """The account with this address, in whatever letters."""
        return self._one(User.email_key == address_key(email))

    def _one(self, which: ColumnElement[bool]) -> User | None:
        return self._db.scalars(select(User).where(which)).one_or_none()

    def _one_locked(self, which: ColumnElement[bool]) -> User | None:
        return self._db.scalars(
            select(User)
            .where(which)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one_or_none()

    def make_organizer(self, user: User) -> None:
        """Give a buyer the role that manages events."""
        self._run(TO_ORGANIZER, user_id=user.id)
        show(user, role=Role.ORGANIZER)

    def find_logged_in(self, user_id: UserId, session_id: SessionId) -> User | None:
        """The account to read from; ``None``: this login of it ended, or it is disabled."""
        row = self._run(LOGGED_IN, user_id=user_id, session_id=session_id).one_or_none()
        return None if row is None else USERS.one(row)


def _is_called(name: str) -> ColumnElement[bool]:
    if is_address(name):
        return User.email_key == address_key(name)
    return User.username_key == name_key(name)


@dataclass(frozen=True, slots=True)
class UsedToken:
    """A refresh token that has just been used up, and whose it was."""

    user_id: UserId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class Login:
    """A login that can still be used, as its owner sees it."""

    id: SessionId
    started_at: datetime
    last_used_at: datetime
    """When its tokens were renewed last, or when it began; calls between are not noted."""
    network: str | None
    client_kind: str | None

    @classmethod
    def of(cls, session: LoginSession, renewed_at: datetime | None) -> "Login":
        return cls(
            id=session.id,
            started_at=session.started_at,
            last_used_at=renewed_at or session.started_at,
            network=session.network,
            client_kind=session.client_kind,
        )


class SessionRepository(Repository):
    def start(
        self,
        user_id: UserId,
        *,
        network: str | None = None,
        client_kind: ClientKind | None = None,
        now: datetime,
    ) -> SessionId:
        session = LoginSession(
            user_id=user_id,
            started_at=now,
            revoked_at=None,
            network=network,
            client_kind=client_kind,
        )
        self.add(session)
        return session.id

    def page(
        self,
        user_id: UserId,
        *,
        now: datetime,
        begun_after: datetime,
        after: Cursor | None,
        limit: int,
    ) -> Page[Login]:
        """One page of the account's logins that can still be used, the newest first."""
        token = (RefreshToken.session_id == LoginSession.id,)
        last_used_at = select(func.max(RefreshToken.used_at)).where(*token).scalar_subquery()
        can_go_on = exists().where(
            *token, RefreshToken.used_at.is_(None), RefreshToken.expires_at > now
        )
        statement = select(LoginSession, last_used_at).where(
            LoginSession.user_id == user_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.started_at > begun_after,
            can_go_on,
        )
        if after is not None:
            statement = statement.where(LoginSession.id < after.id)
        found = self._db.execute(statement.order_by(LoginSession.id.desc()).limit(limit + 1)).all()
        items = [Login.of(session, used_at) for session, used_at in found[:limit]]
        last = items[-1] if len(found) > limit else None
        return Page(items, None if last is None else Cursor("-id", last.id, last.id))

    def began_in(self, user_id: UserId, network: str, *, since: datetime) -> bool:
        """Whether a login of the account began in this network since then."""
        one = select(LoginSession.id).where(
            LoginSession.user_id == user_id,
            LoginSession.network == network,
            LoginSession.started_at >= since,
        )
        return self._db.scalar(one.limit(1)) is not None

    def add_refresh_token(
        self, token_hash: str, session_id: SessionId, *, expires_at: datetime
    ) -> None:
        self.add(
            RefreshToken(
                token_hash=token_hash, session_id=session_id, expires_at=expires_at, used_at=None
            )
        )

    def use_refresh_token(
        self, token_hash: str, *, now: datetime, begun_after: datetime
    ) -> UsedToken | None:
        """Use a token up; ``None`` when it is unknown, used or ended, or its login is over.

        A login is over when it was ended, or did not begin after ``begun_after``.
        """
        live_session = select(LoginSession.id).where(
            LoginSession.revoked_at.is_(None), LoginSession.started_at > begun_after
        )
        session_id = self._db.scalar(
            update(RefreshToken)
            .where(
                RefreshToken.token_hash == token_hash,
                RefreshToken.used_at.is_(None),
                RefreshToken.expires_at > now,
                RefreshToken.session_id.in_(live_session),
            )
            .values(used_at=now)
            .returning(RefreshToken.session_id)
            .execution_options(synchronize_session=False)
        )
        if session_id is None:
            return None
        return UsedToken(self._db.get_one(LoginSession, session_id).user_id, session_id)

    def revoke_session_of(self, token_hash: str, *, now: datetime) -> bool:
        """End the login this refresh token belongs to; tell whether there was such a token."""
        session_id = self._db.scalar(
            select(RefreshToken.session_id).where(RefreshToken.token_hash == token_hash)
        )
        if session_id is None:
            return False
        self._revoke(LoginSession.id == session_id, now=now)
        return True

    def revoke_all(self, user_id: UserId, *, now: datetime) -> None:
        """End every login of the account, which is locked: none begins at the same moment."""
        self._revoke(LoginSession.user_id == user_id, now=now)

    def revoke_one(self, user_id: UserId, session_id: SessionId, *, now: datetime) -> bool:
        """End a login of the account; tell whether it was its own and had not ended."""
        ended = (
            update(LoginSession)
            .where(
                LoginSession.id == session_id,
                LoginSession.user_id == user_id,
                LoginSession.revoked_at.is_(None),
            )
            .values(revoked_at=now)
            .returning(LoginSession.id)
            .execution_options(synchronize_session=False)
        )
        return self._db.scalar(ended) is not None

    def revoke_others(self, user_id: UserId, *, kept: SessionId, now: datetime) -> None:
        """End every login of the account but one."""
        others = (LoginSession.user_id == user_id) & (LoginSession.id != kept)
        self._revoke(others, now=now)

    def _revoke(self, which: ColumnElement[bool], *, now: datetime) -> None:
        self._db.execute(
            update(LoginSession)
            .where(which, LoginSession.revoked_at.is_(None))
            .values(revoked_at=now)
            .execution_options(synchronize_session=False)
        )

    def forget_ended(self, before: datetime) -> None:
        """Delete refresh tokens that ended before the moment; their logins end with them."""
        self._db.execute(delete(RefreshToken).where(RefreshToken.expires_at < before))
