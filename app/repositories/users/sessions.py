from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from app.domain.ids import SessionId, UserId
from app.domain.paging import Cursor, Page, page_by_id
from app.domain.users.sessions import ClientKind, Login
from app.models.users.users import LoginSession, RefreshToken, User
from app.repositories.base import Repository


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
        logins = [_login(session, used_at) for session, used_at in found]
        return page_by_id(logins, limit, lambda login: login.id)

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
    ) -> LoginSession | None:
        """Use a token up; ``None`` when it is unknown, used or ended, or its login is over.

        A login is over when it was ended, or did not begin after ``begun_after``. It is locked
        before its token, as by who deletes the account: neither waits for the other in a circle.
        """
        its_session = (
            select(LoginSession.id)
            .join(RefreshToken, RefreshToken.session_id == LoginSession.id)
            .where(RefreshToken.token_hash == token_hash)
            .with_for_update(of=LoginSession, read=True, key_share=True)
        )
        if self._db.scalar(its_session) is None:
            return None
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
        )
        return None if session_id is None else self._db.get_one(LoginSession, session_id)

    def signed_in(
        self, token_hash: str, *, now: datetime, begun_after: datetime
    ) -> tuple[User, SessionId] | None:
        """Whose login a refresh token that can still be used belongs to; it is not used up."""
        statement = (
            select(User, LoginSession.id.label("session_id"))
            .join(LoginSession, LoginSession.user_id == User.id)
            .join(RefreshToken, RefreshToken.session_id == LoginSession.id)
            .where(
                RefreshToken.token_hash == token_hash,
                RefreshToken.used_at.is_(None),
                RefreshToken.expires_at > now,
                LoginSession.revoked_at.is_(None),
                LoginSession.started_at > begun_after,
                User.disabled_at.is_(None),
            )
        )
        row = self._db.execute(statement).one_or_none()
        return None if row is None else (row.User, row.session_id)

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
        )

    def delete_ended(self, before: datetime) -> None:
        """Delete refresh tokens that ended before the moment; their logins end with them."""
        self._db.execute(delete(RefreshToken).where(RefreshToken.expires_at < before))


def _login(session: LoginSession, renewed_at: datetime | None) -> Login:
    return Login(
        id=session.id,
        started_at=session.started_at,
        last_used_at=renewed_at or session.started_at,
        network=session.network,
        client_kind=session.client_kind,
    )
