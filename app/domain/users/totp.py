"""One-time passwords that change with time (RFC 6238), as authenticator apps show them."""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

STEP: Final = timedelta(seconds=30)
DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""As many as SHA-1 gives (RFC 4226, section 4)."""

DRIFT: Final = 1
"""How many steps before and after the present one count: clocks of phones go a little wrong."""

RECOVERY_CODES: Final = 10
_RECOVERY_BYTES: Final = 10

_TOTP: Final = re.compile(rf"[0-9]{{{DIGITS}}}", re.ASCII)
_RECOVERY: Final = re.compile(r"[a-z2-7]{16}", re.ASCII)
_GAPS: Final = re.compile(r"[\s-]")


def step_at(moment: datetime) -> int:
    """The number of the time step a moment lies in."""
    return int(moment.timestamp()) // int(STEP.total_seconds())


def code_of(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of a time step (RFC 4226, section 5.3, with HMAC-SHA-1)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0xF
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, *, now: datetime) -> int | None:
    """The time step near the present one whose code this is; ``None``: none's.

    All are compared, each in constant time, so that the time taken does not tell how near it was.
    """
    present = step_at(now)
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            found = step
    return found


def typed(code: str) -> str:
    """What was typed, without blanks and dashes."""
    return _GAPS.sub("", code).lower()


def is_totp(code: str) -> bool:
    """Whether it has the form of a code of an app."""
    return _TOTP.fullmatch(code) is not None


def is_recovery_code(code: str) -> bool:
    """Whether it has the form of a recovery code, without its dashes."""
    return _RECOVERY.fullmatch(code) is not None


def secret_of(randomness: str) -> bytes:
    """A new secret from 256 random bits."""
    return hashlib.sha256(b"two-step secret:" + randomness.encode()).digest()[:SECRET_BYTES]


def recovery_code_of(randomness: str) -> str:
    """A new recovery code of 80 bits from 256 random ones, as people write it down."""
    made = hashlib.sha256(b"recovery code:" + randomness.encode()).digest()[:_RECOVERY_BYTES]
    text = base64.b32encode(made).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def secret_text(secret: bytes) -> str:
    """The secret as people type it into an app."""
    return base64.b32encode(secret).decode()


def app_address(secret: bytes, *, issuer: str, name: str) -> str:
    """The address in the QR code, from which an app takes the secret."""
    parameters = {"secret": secret_text(secret), "issuer": issuer}
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{urlencode(parameters, quote_via=quote)}"
