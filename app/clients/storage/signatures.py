"""Signatures of requests to storage that speaks the S3 protocol (AWS Signature Version 4).

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "s3"


def query_text(query: Mapping[str, str]) -> str:
    """The query as it is signed and sent."""
    return urlencode(sorted(query.items()), quote_via=quote, safe="~")


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs requests with a key of the storage, for one region."""

    access_key: str
    secret_key: str
    region: str

    def headers(
        self,
        method: str,
        path: str,
        *,
        host: str,
        body: bytes = b"",
        others: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        now: datetime,
    ) -> dict[str, str]:
        """The headers of a request, its signature among them.

        Args:
            method: as ``PUT``.
            path: from the host on, not yet encoded.
            host: as it stands in the header ``Host``.
            body: what is sent.
            others: more headers, which are signed as well.
            query: of the address, not yet encoded.
            now: an aware moment; the storage takes it up to 15 minutes later.
        """
        at = now.astimezone(UTC)
        content_hash = hashlib.sha256(body).hexdigest()
        headers = {
            **{name.lower(): value.strip() for name, value in (others or {}).items()},
            "host": host,
            "x-amz-content-sha256": content_hash,
            "x-amz-date": f"{at:%Y%m%dT%H%M%SZ}",
        }
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        asked = query_text(query or {})
        request = "\n".join([method, quote(path, safe="/~"), asked, lines, names, content_hash])
        scope = f"{at:%Y%m%d}/{self.region}/{SERVICE}/aws4_request"
        hashed = hashlib.sha256(request.encode()).hexdigest()
        signature = hmac.new(
            self._key(f"{at:%Y%m%d}"),
            "\n".join([ALGORITHM, headers["x-amz-date"], scope, hashed]).encode(),
            hashlib.sha256,
        ).hexdigest()
        credential = f"{self.access_key}/{scope}"
        headers["authorization"] = (
            f"{ALGORITHM} Credential={credential},SignedHeaders={names},Signature={signature}"
        )
        return headers

    def _key(self, day: str) -> bytes:
        key = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, SERVICE, "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key
