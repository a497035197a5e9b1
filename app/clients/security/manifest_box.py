"""The boxes of a scanner's manifest: HKDF and AES-256-GCM, by the ``cryptography`` package."""

import base64
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.tickets.ticket_codes import secret_of

LABEL_BYTES: Final = 16
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class CodeLockedBoxes:
    """Locks each record with its ticket's own secret, so that a stolen phone gives nothing away.

    A short code has 80 random bits, too many to try. Label and key come from it by HKDF (RFC 5869).
    The nonce comes from key and record: another record gets another one, as AES-GCM demands, and
    the same one gets the same box, which caches may keep.
    """

    def seal(self, short_code: str, record: bytes, *, event_id: int) -> tuple[str, str]:
        """The box's label and the box, both base64url."""
        made = HKDF(
            algorithm=SHA256(),
            length=LABEL_BYTES + KEY_BYTES,
            salt=None,
            info=b"ticket manifest %d" % event_id,
        ).derive(secret_of(short_code))
        label, key = made[:LABEL_BYTES], made[LABEL_BYTES:]
        nonce = sha256(key + record).digest()[:NONCE_BYTES]
        return _base64url(label), _base64url(nonce + AESGCM(key).encrypt(nonce, record, None))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
