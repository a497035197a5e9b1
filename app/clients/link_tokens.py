"""Secret links in mails, made from the number of the row they are about."""

import base64
import hmac
from hashlib import sha256
from typing import Final

from app.domain.errors import LinkInvalid
from app.domain.ports import LinkPurpose

_LONGEST: Final = 64
_MAC_BYTES: Final = 20


class HmacLinkTokens:
    """Makes ``NUMBER.MAC``, so that no secret needs to be stored for a mail yet to be sent.

    What a link allows, and until when, is up to the row it names.

    Args:
        secret: at least 32 characters; with another one, all links end.
    """

    def __init__(self, secret: str) -> None:
        self._key = sha256(b"links in mails:" + secret.encode()).digest()

    def issue(self, purpose: LinkPurpose, row_id: int) -> str:
        """The token for a row; the same each time. 160 bits of it cannot be guessed."""
        mac = hmac.digest(self._key, f"{purpose}:{row_id}".encode(), "sha256")[:_MAC_BYTES]
        return f"{row_id}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def read(self, purpose: LinkPurpose, token: str) -> int:
        """The row a token was made for.

        Raises:
            LinkInvalid: it is not one of ours, or for another purpose.
        """
        number, _, _ = token.partition(".")
        if len(token) > _LONGEST or not (number.isascii() and number.isdigit()):
            raise LinkInvalid
        expected = self.issue(purpose, int(number))
        if not hmac.compare_digest(expected.encode(), token.encode(errors="replace")):
            raise LinkInvalid
        return int(number)
