"""Secret links in mails, made from the row they are about."""

import base64
import hmac
from datetime import UTC
from hashlib import sha256
from typing import Final

from app.domain.errors import LinkInvalid
from app.domain.ports import LinkSubject

_LONGEST: Final = 64
_HIGHEST_ID: Final = 2**63 - 1
_MAC_BYTES: Final = 20


class HmacLinkTokens:
    """Makes ``NUMBER.MAC``, so that no secret needs to be stored for a mail yet to be sent.

    What a link allows, and until when, is up to the row it names.

    Args:
        secret: at least 32 characters; with another one, all links end.
    """

    def __init__(self, secret: str) -> None:
        self._key = sha256(b"links in mails:" + secret.encode()).digest()

    def issue(self, subject: LinkSubject) -> str:
        """The token for a row; the same each time. 160 bits of it cannot be guessed."""
        made_at = subject.made_at.astimezone(UTC).isoformat(timespec="microseconds")
        named = f"{subject.kind}:{subject.row_id}:{made_at}"
        mac = hmac.digest(self._key, named.encode(), "sha256")[:_MAC_BYTES]
        return f"{subject.row_id}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def row_id_in(self, token: str) -> int:
        """The number of the row a token claims to be about, for ``ensure`` to check.

        Raises:
            LinkInvalid: it is no token.
        """
        number, _, _ = token.partition(".")
        if len(token) > _LONGEST or not (number.isascii() and number.isdigit()):
            raise LinkInvalid
        if int(number) > _HIGHEST_ID:
            raise LinkInvalid
        return int(number)

    def ensure(self, token: str, subject: LinkSubject) -> None:
        """Refuse a token that was not made for this row.

        Raises:
            LinkInvalid: it is not one of ours, or for another row, or of another kind.
        """
        expected = self.issue(subject)
        if not hmac.compare_digest(expected.encode(), token.encode(errors="replace")):
            raise LinkInvalid
