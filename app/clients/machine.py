"""The machine: the only place that reads its clock and throws its dice; and the work's signal.

All chance comes from the operating system.
"""

import base64
import secrets
import threading
from datetime import UTC, datetime, timedelta

from app.domain.ports.machine import REFERENCE_PREFIX
from app.domain.tickets.ticket_codes import SECRET_BYTES, short_code_of

_RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = str.maketrans(_RFC_4648, _CROCKFORD)

_SECRET_BYTES = 16
"""128 bits, which is 26 characters of base32."""


class SystemClock:
    def now(self) -> datetime:
        """The present moment: aware, UTC."""
        return datetime.now(UTC)


class RandomIds:
    """Makes up names that cannot be guessed.

    References and codes are written in Crockford's base32: a person reading one aloud cannot mix
    up 0 and O or 1, I and L.
    """

    def payment_reference(self) -> str:
        """``TCK-`` and 26 characters: 128 bits."""
        return f"{REFERENCE_PREFIX}{_secret()}"

    def short_code(self) -> str:
        """Four groups of four characters: 80 bits."""
        return short_code_of(secrets.token_bytes(SECRET_BYTES))

    def token(self) -> str:
        """43 URL-safe characters: 256 bits."""
        return secrets.token_urlsafe(32)

    def request_id(self) -> str:
        """16 hexadecimal digits: 64 bits, enough to tell requests apart."""
        return secrets.token_hex(8)


def _secret() -> str:
    encoded = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")
    return encoded.rstrip("=").translate(_TO_CROCKFORD)


class WakeUp:
    """A ``WorkSignal`` for the worker in this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.times = 0

    def wake(self) -> None:
        with self._changed:
            self.times += 1
            self._changed.notify_all()

    def wait(self, longest: timedelta, *, heard: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self.times != heard, longest.total_seconds())
