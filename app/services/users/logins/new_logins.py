"""New logins, and the tokens that each is carried by."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.ids import SessionId, UserId
from app.domain.ports import AccessClaims, AccessTokens, IdGenerator
from app.domain.users.attempts import ClientAddress
from app.domain.users.sessions import ClientKind
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a client carries: one token to call with, one to get the next pair with."""

    access_token: str
    expires_in: timedelta
    refresh_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLogins:
    """Starts a login of an account whose owner has proved to be there.

    Attributes:
        ids: makes refresh tokens.
        tokens: makes access tokens.
        refresh_life: how long a login lasts without being used.
    """

    ids: IdGenerator
    tokens: AccessTokens
    refresh_life: timedelta

    def start(
        self,
        work: UnitOfWork,
        user: User,
        *,
        client: ClientAddress,
        client_kind: ClientKind | None,
        now: datetime,
    ) -> TokenPair:
        """A login that begins now, in the caller's transaction."""
        session_id = work.sessions.start(
            user.id, network=client.network or None, client_kind=client_kind, now=now
        )
        return self.pair(work, user.id, session_id, now=now)

    def pair(
        self, work: UnitOfWork, user_id: UserId, session_id: SessionId, *, now: datetime
    ) -> TokenPair:
        """The next tokens of a login."""
        refresh_token = self.ids.token()
        work.sessions.add_refresh_token(
            token_hash(refresh_token), session_id, expires_at=now + self.refresh_life
        )
        claims = AccessClaims(user_id=user_id, session_id=session_id)
        return TokenPair(
            access_token=self.tokens.issue(claims, now=now),
            expires_in=self.tokens.lifetime,
            refresh_token=refresh_token,
        )


def token_hash(secret: str) -> str:
    """As which a refresh token is kept."""
    # Tokens are 256 random bits, so one round of a fast hash keeps them: nothing can be guessed.
    return hashlib.sha256(secret.encode()).hexdigest()
