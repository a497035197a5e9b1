"""Logging in, staying logged in, and ending it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import (
    AccountDisabled,
    NotLoggedIn,
    RefreshTokenInvalid,
    SessionNotFound,
    TooManyLogins,
    WrongCredentials,
)
from app.domain.ids import SessionId, UserId
from app.domain.paging import Cursor, Page
from app.domain.ports import AccessClaims, AccessTokens, Clock, PasswordHasher
from app.domain.text import name_key
from app.domain.users.attempts import (
    UNKNOWN_CLIENT,
    AttemptCounter,
    AttemptLimit,
    ClientAddress,
    counter_key,
)
from app.domain.users.sessions import ClientKind, Login
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.guest_claims import GuestClaims
from app.services.users.logins.new_logins import NewLogins, TokenPair, token_hash
from app.services.users.logins.second_steps import SecondSteps

KNOWN_FOR: Final = timedelta(days=90)
"""How long after a login its network is known to the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLimits:
    """How often logging in may be tried, and how long a login lasts without being used."""

    of_account: AttemptLimit
    of_address: AttemptLimit
    """Over all accounts; see ``ClientAddress.counters``."""
    login_life: timedelta
    """How long a login lasts at most, however often it is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionService:
    """Exchanges passwords and refresh tokens for access tokens."""

    database: Database
    clock: Clock
    hasher: PasswordHasher
    tokens: AccessTokens
    limits: LoginLimits
    logins: NewLogins
    second_steps: SecondSteps
    claims: GuestClaims

    def log_in(
        self,
        *,
        name: str,
        password: str,
        totp: str | None = None,
        client: ClientAddress = UNKNOWN_CLIENT,
        client_kind: ClientKind | None = None,
    ) -> TokenPair:
        """Start a session for the account with this user name or e-mail address.

        Attempts are counted before the password is looked at, in the database, so that many
        workers and parallel guesses share one limit: for the account, and for the client's address
        and network over all accounts. A right password clears the account's count.

        From a network from which the account logged in lately only a count of its own counts: what
        strangers use up, elsewhere or behind the same address, does not delay the owner there.

        The account gets what a guest bought with its address in between.

        An account that signs in in two steps is asked for a code once its password was right;
        ``totp`` is that code, or a recovery code, and means nothing to other accounts.

        Raises:
            WrongCredentials: there is no such account, or the password is not its own.
            TotpRequired: the password is right, the account signs in in two steps, and no code was
                sent.
            TotpWrong: the code is none of the account's now, or was used.
            TooManyGuesses: too many codes were wrong.
            AccountDisabled: the password is right, and an admin disabled the account.
            TooManyLogins: the account, or from this network any account, was tried too often.
            Busy: too many passwords are being checked at once.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            user = work.users.find_by_name(name)
            counters = self._counters(work, user, name, client, now=now)
            work.attempts.count_or_refuse(counters, TooManyLogins, now=now)

        is_right = self.hasher.verify(password, user.password_hash if user else None)
        if user is None or not is_right:
            raise WrongCredentials

        with self.database.writing() as work:
            # What was checked above, before the password took its time, may have changed.
            locked = work.users.lock(user.id)
            if locked.password_hash != user.password_hash:
                raise WrongCredentials
            if locked.is_disabled:
                raise AccountDisabled
            work.attempts.succeeded(counters)
            in_two_steps = work.two_step.is_on(user.id)
            if not in_two_steps:
                pair = self.logins.start(
                    work, locked, client=client, client_kind=client_kind, now=now
                )
        if in_two_steps:
            if totp is None:
                raise self.second_steps.ask(user)
            mark = self.second_steps.mark_of(user)
            return self.second_steps.finish(
                user.id, mark, code=totp, client=client, client_kind=client_kind
            )
        self.claims.claim(user_id=user.id)
        return pair

    def refresh(self, *, refresh_token: str) -> TokenPair:
        """Exchange a refresh token for a new pair; each works once.

        Using one again ends the whole login: there is a copy of it.

        Raises:
            RefreshTokenInvalid: it is unknown, used, ended, or its login is over.
        """
        now = self.clock.now()
        hashed = token_hash(refresh_token)
        begun_after = now - self.limits.login_life
        with self.database.writing() as work:
            used = work.sessions.use_refresh_token(hashed, now=now, begun_after=begun_after)
            if used is not None:
                return self.logins.pair(work, used.user_id, used.id, now=now)
            work.sessions.revoke_session_of(hashed, now=now)
        raise RefreshTokenInvalid

    def log_out(self, *, refresh_token: str) -> None:
        """End the login a refresh token belongs to; an unknown one ends nothing (RFC 7009)."""
        with self.database.writing() as work:
            work.sessions.revoke_session_of(token_hash(refresh_token), now=self.clock.now())

    def page(self, *, user_id: UserId, after: Cursor | None, limit: int) -> Page[Login]:
        """One page of the account's logins that can still be used, the newest first."""
        now = self.clock.now()
        begun_after = now - self.limits.login_life
        with self.database.reading() as work:
            return work.sessions.page(
                user_id, now=now, begun_after=begun_after, after=after, limit=limit
            )

    def end(self, *, user_id: UserId, session_id: SessionId) -> None:
        """End one of the account's logins.

        Raises:
            SessionNotFound: it has none of this id that has not ended.
        """
        with self.database.writing() as work:
            if not work.sessions.revoke_one(user_id, session_id, now=self.clock.now()):
                raise SessionNotFound(session_id)

    def end_others(self, *, user_id: UserId, current: SessionId) -> None:
        """End all of the account's logins but the one that asks."""
        with self.database.writing() as work:
            work.sessions.revoke_others(user_id, kept=current, now=self.clock.now())

    def claims_of(self, access_token: str) -> AccessClaims:
        """What an access token says, without asking the database.

        Raises:
            NotLoggedIn: the token is not valid.
        """
        return self.tokens.read(access_token, now=self.clock.now())

    def caller(self, claims: AccessClaims) -> User:
        """The account the claims speak for.

        Raises:
            NotLoggedIn: its login was ended.
        """
        with self.database.reading() as work:
            user = work.users.find_logged_in(UserId(claims.user_id), SessionId(claims.session_id))
        if user is None:
            raise NotLoggedIn
        return user

    def signed_in(self, refresh_token: str) -> tuple[User, SessionId] | None:
        """Whose login the token belongs to, which is not used up; ``None``: it has ended.

        This is how a browser is known: its cookie holds the refresh token of its login.
        """
        now = self.clock.now()
        begun_after = now - self.limits.login_life
        with self.database.reading() as work:
            return work.sessions.signed_in(
                token_hash(refresh_token), now=now, begun_after=begun_after
            )

    def _counters(
        self,
        work: UnitOfWork,
        user: User | None,
        name: str,
        client: ClientAddress,
        *,
        now: datetime,
    ) -> list[AttemptCounter]:
        """Under what an attempt is counted: the account, by any of its names, and the client."""
        if user is not None and client.is_known:
            since = now - KNOWN_FOR
            if work.sessions.began_in(user.id, client.network, since=since):
                return [self._of_account(counter_key("login", "user", user.id, client.network))]
        key = login_counter(user.id) if user else counter_key("login", "name", name_key(name))
        return [self._of_account(key), *client.counters("login", self.limits.of_address)]

    def _of_account(self, key: str) -> AttemptCounter:
        return AttemptCounter(key, self.limits.of_account, cleared_by_success=True)


def login_counter(user_id: UserId) -> str:
    """Under what attempts to log in to an account are counted, but from networks it knows."""
    return counter_key("login", "user", user_id)
