"""Asking those who are logged in for their password."""

from dataclasses import dataclass

from app.domain.errors import TooManyGuesses, WrongPassword
from app.domain.ids import UserId
from app.domain.ports import Clock, PasswordHasher
from app.domain.users.attempts import AttemptCounter, AttemptLimit, counter_key
from app.repositories.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChecks:
    """Checks current passwords, and counts wrong ones per account: a token may be stolen."""

    database: Database
    clock: Clock
    hasher: PasswordHasher
    limit: AttemptLimit

    def ensure(self, *, user_id: UserId, password: str) -> str:
        """Refuse a password that is not the account's; its hash, to see whether it still is.

        It is counted before it is looked at, so that parallel guesses share one limit.

        Raises:
            WrongPassword: it is not.
            TooManyGuesses: too many were wrong.
            Busy: too many passwords are being hashed at once.
        """
        counter = AttemptCounter(
            counter_key("password", user_id), self.limit, cleared_by_success=True
        )
        with self.database.writing() as work:
            work.attempts.count_or_refuse([counter], TooManyGuesses, now=self.clock.now())
            hashed = work.users.get(user_id).password_hash
        if not self.hasher.verify(password, hashed):
            raise WrongPassword
        with self.database.writing() as work:
            work.attempts.succeeded([counter])
        return hashed
