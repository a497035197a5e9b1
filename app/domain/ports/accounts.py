"""Passwords, and the tokens and links that stand for their owners."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
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


class LinkPurpose(StrEnum):
    """What a secret link in a mail is for."""

    TRANSFER = "transfer"
    ACCOUNT = "account"


class LinkTokens(Protocol):
    """Makes the secrets of links in mails, and reads them."""

    def issue(self, purpose: LinkPurpose, row_id: int) -> str:
        """The URL-safe token for a row; the same each time."""
        ...

    def read(self, purpose: LinkPurpose, token: str) -> int:
        """The row a token was made for.

        Raises:
            LinkInvalid: it is not one of ours, or for another purpose.
        """
        ...
