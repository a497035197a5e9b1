"""The machine: time, names by chance, and waking the background work."""

from datetime import datetime, timedelta
from typing import Final, Protocol

REFERENCE_PREFIX: Final = "TCK-"
"""What our references begin with."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment: aware, UTC."""
        ...


class IdGenerator(Protocol):
    """Makes up names that cannot be guessed."""

    def payment_reference(self) -> str:
        """A new reference, unique for ever, made of what Paystack takes: letters, digits, ``-``."""
        ...

    def short_code(self) -> str:
        """A new secret of 80 bits that can be typed; see ``domain/ticket_codes.py``."""
        ...

    def token(self) -> str:
        """A new URL-safe secret of 256 bits."""
        ...

    def request_id(self) -> str:
        """A name for one request, for logs and support."""
        ...


class WorkSignal(Protocol):
    """Tells the background work that something is due now, so that it need not wait its turn.

    Each of its lanes hears every one.
    """

    times: int
    """How often it was given."""

    def wake(self) -> None:
        """Wake the worker of this process, if there is one."""
        ...

    def wait(self, longest: timedelta, *, heard: int) -> None:
        """Sleep until it is given more often than was ``heard``, at most this long."""
        ...
