"""Boxes for what the shop has to read again: HKDF and AES-256-GCM, by ``cryptography``."""

import base64
import binascii
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class AesSecretBox:
    """Seals content with a key of its purpose, which comes from the shop's secret (RFC 5869).

    Args:
        secret: at least 32 characters; with another one, no box opens any more.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def seal(self, content: bytes, *, purpose: str) -> str:
        """The box, as base64url; another one each time."""
        nonce = os.urandom(NONCE_BYTES)
        box = nonce + self._cipher(purpose).encrypt(nonce, content, None)
        return base64.urlsafe_b64encode(box).decode()

    def open(self, box: str, *, purpose: str) -> bytes | None:
        """What was sealed for this purpose; ``None``: the box is not ours, or not whole."""
        try:
            sealed = base64.b64decode(box.encode("ascii"), altchars=b"-_", validate=True)
            if len(sealed) < NONCE_BYTES + TAG_BYTES:
                return None
            nonce, locked = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return self._cipher(purpose).decrypt(nonce, locked, None)
        except (UnicodeEncodeError, binascii.Error, InvalidTag):
            return None

    def _cipher(self, purpose: str) -> AESGCM:
        key = HKDF(
            algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"sealed: {purpose}".encode()
        )
        return AESGCM(key.derive(self._secret))
