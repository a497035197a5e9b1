"""Passwords, and the tokens and links that stand for their owners."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class PasswordHasher(Protocol):
    """Stores passwords so that they cannot be read back.

    Slow on purpose: call it outside transactions.
    """

    def hash(self, password: str) -> str:
        """The salted hash to store.

        Raises:
            Busy: too many passwords are being checked at once.
        """
        ...

    def verify(self, password: str, hashed: str | None) -> bool:
        """Tell whether the password is the one.

        ``None`` takes as long and says no, so that the time of an answer does not tell whether
        an account exists.

        Raises:
            Busy: too many passwords are being checked at once.
        """
        ...


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says."""

    user_id: int
    session_id: int


class AccessTokens(Protocol):
    """Signs and reads the short-lived tokens callers carry."""

    def issue(self, claims: AccessClaims, *, now: datetime) -> str:
        """A signed token that ends after the configured life."""
        ...

    def read(self, token: str, *, now: datetime) -> AccessClaims:
        """The claims of a token that is whole, ours and alive.

        Raises:
            NotLoggedIn: anything at all is wrong with it.
        """
        ...

    @property
    def lifetime(self) -> timedelta:
        """How long an access token lives."""
        ...


@dataclass(frozen=True, slots=True)
class LinkSubject:
    """The row a secret link is about.

    ``kind`` is what the link allows. ``made_at`` is when the row was made: another row under the
    same number, as in a database that was restored, was made at another moment.
    """

    kind: str
    row_id: int
    made_at: datetime


class LinkTokens(Protocol):
    """Makes the secrets of links in mails, and checks them."""

    def issue(self, subject: LinkSubject) -> str:
        """The URL-safe token for a row; the same each time."""
        ...

    def row_id_in(self, token: str) -> int:
        """The number of the row a token claims to be about, for ``ensure`` to check.

        Raises:
            LinkInvalid: it is no token.
        """
        ...

    def ensure(self, token: str, subject: LinkSubject) -> None:
        """Refuse a token that was not made for this row.

        Raises:
            LinkInvalid: it is not one of ours, or for another row, or of another kind.
        """
        ...


class SecretBox(Protocol):
    """Encrypts and authenticates what only the shop may read and make."""

    def seal(self, content: bytes, *, purpose: str) -> str:
        """The box, as base64url."""
        ...

    def open(self, box: str, *, purpose: str) -> bytes | None:
        """What was sealed for this purpose; ``None``: the box is not ours, or not whole."""
        ...
