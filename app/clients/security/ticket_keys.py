"""The keys that sign ticket codes: Ed25519 (RFC 8032), by the ``cryptography`` package."""

import base64
import re
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.ports import PublicKey
from app.domain.tickets.ticket_codes import (
    CodeForged,
    TicketFacts,
    as_text,
    from_text,
    pack,
    unpack,
)

_SHORTEST_SECRET: Final = 32
_NUMBERED: Final = re.compile(r"(?:(\d{1,3}):)?(pub:)?(.+)", re.DOTALL)


class Ed25519TicketSigner:
    """Signs with one key and reads the codes of all.

    Args:
        keys: ``2:NEW SECRET,1:OLD SECRET`` as in the setting ``TICKET_KEYS``. The first signs; the
            others, which signed before it, are only read, so tickets outlive a change of keys.
            ``1:pub:…`` is the public half of a key whose secret is gone.

    Raises:
        ValueError: there is no key to sign with, a number is not its own, or a secret is short.
    """

    def __init__(self, keys: str) -> None:
        self._private: dict[int, Ed25519PrivateKey] = {}
        self._public: dict[int, Ed25519PublicKey] = {}
        for written in keys.split(","):
            self._take(written.strip())
        if not self._private or next(iter(self._public)) not in self._private:
            raise ValueError("The first ticket key must be a secret: it signs.")
        self.current_key_id = next(iter(self._private))
        """The number of the key that signs new tickets."""

    def key_that_signs(self, key_id: int) -> int:
        """The key of this number, or the present one when that one's secret is gone."""
        return key_id if key_id in self._private else self.current_key_id

    def sign(self, facts: TicketFacts, *, key_id: int) -> str:
        """The text of a ticket's QR code; the same facts and key give the same text.

        A ticket whose key is gone is signed by the present one.
        """
        key_id = self.key_that_signs(key_id)
        payload = pack(facts, key_id=key_id)
        return as_text(payload + self._private[key_id].sign(payload))

    def read(self, text: str) -> TicketFacts:
        """What a code says whose signature is ours.

        Raises:
            CodeUnreadable: the text has not the form of a ticket's code.
            CodeForged: the signature is not ours.
        """
        payload, signature = from_text(text)
        key_id, facts = unpack(payload)
        try:
            self._public[key_id].verify(signature, payload)
        except (KeyError, InvalidSignature) as error:
            raise CodeForged from error
        return facts

    def public_keys(self) -> tuple[PublicKey, ...]:
        """The public halves of all keys, the one that signs first."""
        return tuple(
            PublicKey(key_id, key.public_bytes(Encoding.Raw, PublicFormat.Raw))
            for key_id, key in self._public.items()
        )

    def _take(self, written: str) -> None:
        found = _NUMBERED.fullmatch(written)
        number = int(found.group(1) or 1) if found else 0
        if found is None or not 1 <= number <= 255:
            raise ValueError("A ticket key is written as NUMBER:SECRET, the number from 1 to 255.")
        if number in self._public:
            raise ValueError(f"There are two ticket keys of number {number}.")
        if found.group(2):
            self._public[number] = _public(found.group(3))
            return
        if len(found.group(3)) < _SHORTEST_SECRET:
            raise ValueError(f"A ticket key's secret has at least {_SHORTEST_SECRET} characters.")
        self._private[number] = _private(found.group(3))
        self._public[number] = self._private[number].public_key()


def _private(secret: str) -> Ed25519PrivateKey:
    # Any text may be a secret, as hosts generate them: HKDF (RFC 5869) makes the 32 bytes of it.
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"event ticket codes, Ed25519")
    return Ed25519PrivateKey.from_private_bytes(seed.derive(secret.encode()))


def _public(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(text + "="))
    except ValueError:
        raise ValueError("After pub: comes the member x of the key in the JWK set.") from None
