"""Asking those who are logged in for their password."""

from app.domain.errors import TooManyGuesses, WrongPassword
from app.domain.ids import UserId
from app.domain.ports import Clock, PasswordHasher
from app.domain.users.attempts import AttemptCounter, AttemptLimit, counter_key
from app.repositories.database import Database


class PasswordChecks:
    """Checks current passwords, and counts wrong ones per account: a token may be stolen."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hasher: PasswordHasher,
        limit: AttemptLimit,
    ) -> None:
        self._database = database
        self._clock = clock
        self._hasher = hasher
        self._limit = limit

    def ensure(self, *, user_id: UserId, password: str) -> str:
        """Refuse a password that is not the account's; its hash, to see whether it still is.

        It is counted before it is looked at, so that parallel guesses share one limit.

        Raises:
            WrongPassword: it is not.
            TooManyGuesses: too many were wrong.
            Busy: too many passwords are being hashed at once.
        """
        counter = AttemptCounter(
            counter_key("password", user_id), self._limit, cleared_by_success=True
        )
        with self._database.writing() as work:
            wait = work.attempts.count([counter], now=self._clock.now())
            if wait is not None:
                raise TooManyGuesses(wait)
            hashed = work.users.get(user_id).password_hash
        if not self._hasher.verify(password, hashed):
            raise WrongPassword
        with self._database.writing() as work:
            work.attempts.succeeded([counter])
        return hashed
