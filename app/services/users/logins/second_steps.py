"""The second step of signing in: a code of the account's authenticator app, or a recovery code."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import (
    AccountDisabled,
    LinkInvalid,
    TooManyGuesses,
    TotpRequired,
    TotpWrong,
    WrongCredentials,
)
from app.domain.ids import TwoStepId, UserId
from app.domain.ports import Clock, SecretBox
from app.domain.users.attempts import (
    UNKNOWN_CLIENT,
    AttemptCounter,
    AttemptLimit,
    ClientAddress,
    counter_key,
)
from app.domain.users.sessions import ClientKind
from app.domain.users.totp import is_recovery_code, is_totp, matching_step, typed
from app.models.users.two_step import TwoStepSecret
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.guest_claims import GuestClaims
from app.services.users.logins.new_logins import NewLogins, TokenPair

STEP_LIFE: Final = timedelta(minutes=10)
"""How long after the first step the second may follow."""

PURPOSE: Final = "second step of signing in"

CODES_OF_ONE: Final = AttemptLimit(
    free=5,
    window=timedelta(days=1),
    first_pause=timedelta(seconds=1),
    longest_pause=timedelta(minutes=15),
)
"""Wrong codes of one account. At most about a hundred a day are looked at, each of which fits with
a chance of 3 in a million; they come from who knows the password, or reads the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSteps:
    """Asks for codes, and starts the logins of those who have them."""

    database: Database
    clock: Clock
    box: SecretBox
    logins: NewLogins
    claims: GuestClaims

    def ask(self, user: User) -> TotpRequired:
        """The refusal for who has done the first step: it has the proof of that."""
        done = {"user": user.id, "of": _mark_of(user), "at": self.clock.now().isoformat()}
        return TotpRequired(step=self.box.seal(json.dumps(done).encode(), purpose=PURPOSE))

    def sign_in(
        self,
        *,
        step: str,
        code: str,
        client: ClientAddress = UNKNOWN_CLIENT,
        client_kind: ClientKind | None = None,
    ) -> TokenPair:
        """Start a login of the account whose first step was done.

        Codes are counted before they are looked at, for all workers together; a right one clears
        the count, and works once.

        Raises:
            LinkInvalid: the first step was not done here, or too long ago.
            WrongCredentials: the account has another password or address since.
            TotpWrong: the code is none of the account's now, or was used.
            TooManyGuesses: too many codes were wrong.
            AccountDisabled: the account was disabled in between.
        """
        user_id, mark = self._first_step(step)
        return self.finish(user_id, mark, code=code, client=client, client_kind=client_kind)

    def finish(
        self,
        user_id: UserId,
        mark: str,
        *,
        code: str,
        client: ClientAddress,
        client_kind: ClientKind | None,
    ) -> TokenPair:
        """As ``sign_in``; ``mark``: what ``mark_of`` said of the account at the first step."""
        self.count(user_id)
        now = self.clock.now()
        with self.database.writing() as work:
            user = work.users.lock(user_id)
            if _mark_of(user) != mark:
                raise WrongCredentials
            if user.is_disabled:
                raise AccountDisabled
            self.ensure(work, user_id, code, now=now)
            pair = self.logins.start(work, user, client=client, client_kind=client_kind, now=now)
        self.claims.claim(user_id=user_id)
        return pair

    @staticmethod
    def mark_of(user: User) -> str:
        """What changes with the account's password and address."""
        return _mark_of(user)

    def count(self, user_id: UserId) -> None:
        """Count an attempt, in a transaction of its own.

        Raises:
            TooManyGuesses: too many codes were wrong.
        """
        with self.database.writing() as work:
            now = self.clock.now()
            work.attempts.count_or_refuse([_counter(user_id)], TooManyGuesses, now=now)

    def ensure(self, work: UnitOfWork, user_id: UserId, code: str, *, now: datetime) -> TwoStepId:
        """Use a code up, of an account that is locked; the secret it is of.

        Raises:
            TotpWrong: it is none of the account's now, or was used.
        """
        secret, given = work.two_step.find(user_id), typed(code)
        if secret is None or secret.enabled_at is None:
            raise TotpWrong
        if is_totp(given):
            step = matching_step(self.opened(secret), given, now=now)
            is_right = step is not None and work.two_step.use_step(secret.id, step)
        else:
            is_right = is_recovery_code(given) and work.two_step.use_recovery_code(
                secret.id, recovery_hash(secret.id, given), now=now
            )
        if not is_right:
            raise TotpWrong
        self.succeeded(work, user_id)
        return secret.id

    def succeeded(self, work: UnitOfWork, user_id: UserId) -> None:
        """Clear the count of wrong codes."""
        work.attempts.succeeded([_counter(user_id)])

    def opened(self, secret: TwoStepSecret) -> bytes:
        """The secret itself.

        Raises:
            TotpWrong: it was sealed with another secret of the shop: no code can be right.
        """
        opened = self.box.open(secret.box, purpose=purpose_of(secret.user_id))
        if opened is None:
            raise TotpWrong
        return opened

    def _first_step(self, step: str) -> tuple[UserId, str]:
        opened = self.box.open(step, purpose=PURPOSE)
        if opened is None:
            raise LinkInvalid
        done = json.loads(opened)
        if self.clock.now() - datetime.fromisoformat(done["at"]) >= STEP_LIFE:
            raise LinkInvalid
        return UserId(done["user"]), done["of"]


def purpose_of(user_id: UserId) -> str:
    """For what a secret is sealed: that of one account is none of another."""
    return f"two-step secret of account {user_id}"


def recovery_hash(two_step_id: TwoStepId, code: str) -> str:
    """As which a recovery code is kept: it has 80 random bits, so a fast hash keeps it."""
    return hashlib.sha256(f"recovery code of {two_step_id}:{code}".encode()).hexdigest()


def _mark_of(user: User) -> str:
    return hashlib.sha256(f"{user.password_hash}\n{user.email_key}".encode()).hexdigest()


def _counter(user_id: UserId) -> AttemptCounter:
    return AttemptCounter(counter_key("totp", user_id), CODES_OF_ONE, cleared_by_success=True)
