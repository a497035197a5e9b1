"""Files of pictures in storage that speaks the S3 protocol: Amazon's, Cloudflare's R2, MinIO."""

from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
import structlog

from app.clients.paystack.bulkhead import Bulkhead, CallRefused, DeadlinePassed, TimeBudget
from app.clients.storage.signatures import Signer
from app.domain.errors import PicturesUnavailable
from app.domain.ports import Clock

log = structlog.get_logger(__name__)

LARGEST_ANSWER: Final = 8 * 1024 * 1024
"""Bytes; no file of a picture comes near."""

_KEPT: Final = "public, max-age=31536000, immutable"


class S3Pictures:
    """Keeps files in a bucket, addressed by its path; see ``PictureStore``.

    Args:
        http: without a base address; its connections are this object's.
        address: of the bucket, with a path that all names are put behind.
        signer: has the keys.
        bulkhead: bounds the calls and their time.
        clock: signatures name the moment.
    """

    def __init__(
        self, *, http: httpx.Client, address: str, signer: Signer, bulkhead: Bulkhead, clock: Clock
    ) -> None:
        self._http = http
        self._address = urlsplit(address.rstrip("/"))
        self._signer = signer
        self._bulkhead = bulkhead
        self._clock = clock

    def save(self, name: str, content: bytes) -> None:
        """Keep a file.

        Raises:
            PicturesUnavailable: the storage did not take it.
        """
        self._call("PUT", name, content)

    def load(self, name: str) -> bytes | None:
        """The content of a file; ``None``: there is none of this name.

        Raises:
            PicturesUnavailable: the storage did not answer.
        """
        return self._call("GET", name)

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            PicturesUnavailable: the storage did not do it.
        """
        self._call("DELETE", name)

    def _call(self, method: str, name: str, content: bytes = b"") -> bytes | None:
        try:
            status, answer = self._bulkhead.call(
                lambda budget: self._asked(method, name, content, budget)
            )
        except (CallRefused, DeadlinePassed, httpx.HTTPError) as error:
            log.warning("picture store failed", action=method, name=name, reason=str(error))
            raise PicturesUnavailable from error
        if status == HTTPStatus.NOT_FOUND and method != "PUT":
            return None
        if not httpx.codes.is_success(status):
            # Its answer is not logged: it repeats the request, with the access key.
            log.error("picture store refused", action=method, name=name, status=status)
            raise PicturesUnavailable
        return answer

    def _asked(
        self, method: str, name: str, content: bytes, budget: TimeBudget
    ) -> tuple[int, bytes]:
        """The status and the body.

        Raises:
            HTTPError: it did not answer, failed, or its answer is longer than any picture.
        """
        path = f"{self._address.path}/{name}"
        sent = {"cache-control": _KEPT, "content-type": "image/jpeg"} if method == "PUT" else {}
        headers = self._signer.headers(
            method,
            path,
            host=self._address.netloc,
            body=content,
            others=sent,
            now=self._clock.now(),
        )
        url = f"{self._address.scheme}://{self._address.netloc}{quote(path, safe='/~')}"
        with self._http.stream(
            method, url, content=content, headers=headers, timeout=budget.left()
        ) as answer:
            if answer.is_server_error:
                answer.raise_for_status()
            found = bytearray()
            for part in answer.iter_bytes():
                found += part
                if len(found) > LARGEST_ANSWER:
                    raise httpx.DecodingError("the answer is too long", request=answer.request)
            return answer.status_code, bytes(found)
