"""Passwords, hashed with Argon2id."""

import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any, Final

from app.domain.errors import Busy

with warnings.catch_warnings():
    # passlib 1.7.4 imports the standard library's `crypt`, which is on its way out. Only its
    # Unix schemes use it, and none of them is in use here.
    warnings.simplefilter("ignore", DeprecationWarning)
    from passlib.context import CryptContext

_LONGEST_BYTES = 4096
"""What passlib takes. Far above what an account may use, so only a hostile login gets here."""

SETTINGS: Final[dict[str, Any]] = {
    "schemes": ["argon2"],
    "argon2__type": "ID",
    "argon2__memory_cost": 19456,
    "argon2__rounds": 2,
    "argon2__parallelism": 1,
}
ARGON2ID: Final = CryptContext(**SETTINGS)


class Argon2Hasher:
    """Argon2id at the settings OWASP calls the minimum: 19 MiB, two rounds, one lane.

    Each hash takes about 30 ms and 19 MiB, so a rush of logins could take all the memory and both
    cores; a fixed number run at a time and the rest wait a little.

    Args:
        max_concurrent: how many passwords may be hashed at once.
        wait: how long a caller waits for its turn before it is sent away.
        context: what hashes and verifies.
    """

    def __init__(
        self,
        *,
        max_concurrent: int = 2,
        wait: timedelta = timedelta(seconds=2),
        context: CryptContext = ARGON2ID,
    ) -> None:
        self._turns = BoundedSemaphore(max_concurrent)
        self._wait = wait
        self._context = context
        with warnings.catch_warnings():
            # The first hash loads passlib's Argon2 backend, which asks argon2-cffi for its version
            # in a way that is on its way out.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._no_account = self._context.hash("the password of no account")

    def hash(self, password: str) -> str:
        """The salted hash to store.

        Raises:
            Busy: too many passwords are being checked at once.
            ValueError: the password is no text, or longer than any account may have.
        """
        secret = _encoded(password)
        with self._turn():
            return self._context.hash(secret)

    def verify(self, password: str, hashed: str | None) -> bool:
        """Tell whether the password is the one; what cannot be a password or a hash is a no.

        A no without a hash to compare costs as much as a real one.

        Raises:
            Busy: too many passwords are being checked at once.
        """
        with self._turn():
            try:
                if hashed is not None:
                    return self._context.verify(_encoded(password), hashed)
            except (TypeError, ValueError):
                pass  # no text, too long, or a damaged hash: spend the time, then say no
            self._context.verify(b"", self._no_account)
            return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=self._wait.total_seconds()):
            raise Busy
        try:
            yield
        finally:
            self._turns.release()


def _encoded(password: str) -> bytes:
    """The password's bytes, the same from every keyboard: é may come as one character or as two.

    Raises:
        ValueError: it has no UTF-8 form or is too long.
    """
    if len(password) > _LONGEST_BYTES:
        raise ValueError("This password is too long.")
    secret = unicodedata.normalize("NFC", password).encode("utf-8")
    if len(secret) > _LONGEST_BYTES:
        raise ValueError("This password is too long.")
    return secret
