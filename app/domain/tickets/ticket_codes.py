"""What a ticket's QR code says: 34 bytes and an Ed25519 signature over them, as base45 text.

=======  =====  ================================================
offset   bytes  what, numbers in network order
=======  =====  ================================================
0        1      version of this layout: 1
1        1      number of the key that signed
2        6      ticket
8        6      event
14       2      version of the ticket; a transfer makes a new one
16       4      not valid before, seconds since 1970 in UTC
20       4      not valid from then on, likewise
24       10     the ticket's short code: 80 random bits
34       64     Ed25519 signature of the 34 bytes before
=======  =====  ================================================

Written as ``TK1:`` and base45 (RFC 9285) these are 151 characters, which a QR code of 41 by 41
modules holds with error correction M. The short code is also printed under it, for typing.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import whitespace
from struct import Struct
from typing import Final

from app.domain.checkin.doors import doors_close_at
from app.domain.ids import EventId, TicketId

PREFIX: Final = "TK1:"
LAYOUT_VERSION: Final = 1
SIGNATURE_BYTES: Final = 64
SECRET_BYTES: Final = 10
READ_FOR: Final = timedelta(days=2)
"""How much longer than the event a code is valid, for an event that runs late."""

_LAYOUT: Final = Struct(">BB6s6sHII10s")
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_AROUND: Final = f"{whitespace}\ufeff\u00a0"
"""What scanners send before and after a code: line ends, tabs, blanks, a byte order mark.

Nothing of a code is lost: a QR code's text begins with a letter, and its last character stands for
at most 32 (65,535 div 45²), where the blank stands for 36.
"""
_SHORT: Final = re.compile(f"[{_CROCKFORD}]{{16}}")


class CodeUnreadable(ValueError):
    """The text has not the form of a ticket's code."""


class CodeForged(ValueError):
    """The text has the form of a ticket's code, and its signature is not ours."""


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What a code says. ``not_before`` and ``not_after`` are whole seconds; the end is excluded."""

    ticket_id: TicketId
    event_id: EventId
    version: int
    not_before: datetime
    not_after: datetime
    short_code: str


def valid_until(starts_at: datetime, ends_at: datetime | None) -> datetime:
    """Until when a code for such an event is valid offline, where only the code is known."""
    return doors_close_at(starts_at, ends_at) + READ_FOR


def pack(facts: TicketFacts, *, key_id: int) -> bytes:
    """The 34 bytes to sign.

    Raises:
        OverflowError: a number does not fit.
    """
    return _LAYOUT.pack(
        LAYOUT_VERSION,
        key_id,
        facts.ticket_id.to_bytes(6, "big"),
        facts.event_id.to_bytes(6, "big"),
        facts.version,
        _seconds(facts.not_before),
        _seconds(facts.not_after),
        secret_of(facts.short_code),
    )


def unpack(payload: bytes) -> tuple[int, TicketFacts]:
    """The key that signed, and what the 34 bytes say.

    Raises:
        CodeUnreadable: they are of another layout.
    """
    if len(payload) != _LAYOUT.size or payload[0] != LAYOUT_VERSION:
        raise CodeUnreadable
    _, key_id, ticket, event, version, not_before, not_after, secret = _LAYOUT.unpack(payload)
    facts = TicketFacts(
        ticket_id=TicketId(int.from_bytes(ticket, "big")),
        event_id=EventId(int.from_bytes(event, "big")),
        version=version,
        not_before=_moment(not_before),
        not_after=_moment(not_after),
        short_code=short_code_of(secret),
    )
    return key_id, facts


def as_text(signed: bytes) -> str:
    """A payload with its signature as the QR code's text."""
    return PREFIX + to_base45(signed)


def from_text(text: str) -> tuple[bytes, bytes]:
    """The payload and the signature in a QR code's text, in any case, as a scanner sends it.

    Raises:
        CodeUnreadable: it has not the form of a ticket's code.
    """
    text = text.strip(_AROUND).upper()
    if not text.startswith(PREFIX):
        raise CodeUnreadable
    signed = from_base45(text.removeprefix(PREFIX))
    if len(signed) != _LAYOUT.size + SIGNATURE_BYTES:
        raise CodeUnreadable
    return signed[: _LAYOUT.size], signed[_LAYOUT.size :]


def to_base45(content: bytes) -> str:
    """RFC 9285: two bytes become three characters, a single one at the end two."""
    letters = []
    for at in range(0, len(content), 2):
        pair = content[at : at + 2]
        number = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            number, value = divmod(number, 45)
            letters.append(_ALPHABET[value])
    return "".join(letters)


def from_base45(text: str) -> bytes:
    """The bytes behind a base45 text; each has one spelling only.

    Raises:
        CodeUnreadable: it is no base45 text.
    """
    content = bytearray()
    for at in range(0, len(text), 3):
        group = text[at : at + 3]
        try:
            number = sum(_VALUE[letter] * 45**power for power, letter in enumerate(group))
            content += number.to_bytes(len(group) - 1, "big")
        except (KeyError, OverflowError, ValueError) as error:
            raise CodeUnreadable from error
        if len(group) == 1:
            raise CodeUnreadable
    return bytes(content)


def short_code_of(secret: bytes) -> str:
    """80 bits as 16 characters of Crockford's base32, in groups of four."""
    number = int.from_bytes(secret, "big")
    letters = "".join(_CROCKFORD[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def secret_of(short_code: str) -> bytes:
    """The 10 bytes behind a short code as it is kept.

    Raises:
        CodeUnreadable: it is none.
    """
    number = 0
    for letter in typed(short_code).replace("-", ""):
        number = number << 5 | _CROCKFORD.index(letter)
    return number.to_bytes(SECRET_BYTES, "big")


def typed(text: str) -> str:
    """A short code as it is stored, from typed text: any case, O for 0, I and L for 1.

    Raises:
        CodeUnreadable: it is no short code.
    """
    letters = text.strip(_AROUND).upper().translate(_MISREAD)
    if not _SHORT.fullmatch(letters):
        raise CodeUnreadable
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def is_typed(text: str) -> bool:
    """Whether a text has the form of a short code, which can be made up, as nothing is signed."""
    try:
        typed(text)
    except CodeUnreadable:
        return False
    return True


def _seconds(moment: datetime) -> int:
    """Four bytes of seconds last until 2106; what lies beyond is taken for then."""
    return max(0, min(int(moment.timestamp()), 2**32 - 1))


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


_EPOCH: Final = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
