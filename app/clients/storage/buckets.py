"""Storage that speaks the S3 protocol: Amazon's, Cloudflare's R2, MinIO."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import unescape

import httpx
import structlog

from app.clients.paystack.bulkhead import Bulkhead, CallRefused, DeadlinePassed, TimeBudget
from app.clients.storage.signatures import Signer, query_text
from app.domain.errors import Unavailable
from app.domain.ports import Clock

log = structlog.get_logger(__name__)

LARGEST_ANSWER: Final = 8 * 1024 * 1024
"""Bytes; no file of a picture, part of an export or page of a list comes near."""

MOST_PAGES: Final = 1_000
"""Of a list, each with up to a thousand names."""

_ENTRY: Final = re.compile(r"<Contents>(.*?)</Contents>", re.DOTALL)
_KEY: Final = re.compile(r"<Key>([^<]*)</Key>")
_CHANGED: Final = re.compile(r"<LastModified>([^<]*)</LastModified>")
_MORE: Final = re.compile(r"<NextContinuationToken>([^<]*)</NextContinuationToken>")


class StorageFailed(Exception):
    """The storage did not answer, or did not do what it was asked for."""


@contextmanager
def refusing(refusal: type[Unavailable]) -> Iterator[None]:
    """Have a failure of the storage end as this refusal."""
    try:
        yield
    except StorageFailed as error:
        raise refusal from error


class Bucket:
    """Keeps files in a bucket, addressed by its path.

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

    def put(self, name: str, content: bytes, *, kind: str, cached: str) -> None:
        """Keep a file.

        Raises:
            StorageFailed: the storage did not take it.
        """
        sent = {"cache-control": cached, "content-type": kind}
        self._call("PUT", self._path(name), content=content, sent=sent)

    def get(self, name: str) -> bytes | None:
        """The content of a file; ``None``: there is none of this name.

        Raises:
            StorageFailed: the storage did not answer.
        """
        found = self._call("GET", self._path(name), may_lack=True)
        return None if _is_lacking(found) else found.content

    def length_of(self, name: str) -> int | None:
        """How many bytes a file has; ``None``: there is none of this name.

        Raises:
            StorageFailed: the storage did not answer.
        """
        found = self._call("HEAD", self._path(name), may_lack=True)
        return None if _is_lacking(found) else int(found.headers["content-length"])

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            StorageFailed: the storage did not do it.
        """
        self._call("DELETE", self._path(name), may_lack=True)

    def names(self, beginning: str) -> Iterator[tuple[str, datetime]]:
        """Names that begin so, each with the moment its file was written.

        Raises:
            StorageFailed: they could not be listed to the end.
        """
        bucket, _, behind = self._address.path.lstrip("/").partition("/")
        folder = f"{behind}/" if behind else ""
        query = {"list-type": "2", "prefix": folder + beginning}
        for _ in range(MOST_PAGES):
            text = self._call("GET", f"/{bucket}", query=query).content.decode(errors="replace")
            for entry in _ENTRY.findall(text):
                key, changed = _KEY.search(entry), _CHANGED.search(entry)
                if key is not None and changed is not None:
                    name = unescape(key[1]).removeprefix(folder)
                    yield name, datetime.fromisoformat(changed[1])
            more = _MORE.search(text)
            if more is None:
                return
            query["continuation-token"] = unescape(more[1])
        raise StorageFailed("the list has no end")

    def _path(self, name: str) -> str:
        return f"{self._address.path}/{name}"

    def _call(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        sent: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        may_lack: bool = False,
    ) -> httpx.Response:
        """The answer, that it is not there among them if it ``may_lack``."""
        try:
            answer = self._bulkhead.call(
                lambda budget: self._asked(method, path, content, sent or {}, query or {}, budget)
            )
        except (CallRefused, DeadlinePassed, httpx.HTTPError) as error:
            log.warning("storage failed", action=method, path=path, reason=str(error))
            raise StorageFailed(str(error)) from error
        if not answer.is_success and not (may_lack and _is_lacking(answer)):
            # Its answer is not logged: it repeats the request, with the access key.
            log.error("storage refused", action=method, path=path, status=answer.status_code)
            raise StorageFailed(f"answered {answer.status_code}")
        return answer

    def _asked(
        self,
        method: str,
        path: str,
        content: bytes,
        sent: Mapping[str, str],
        query: Mapping[str, str],
        budget: TimeBudget,
    ) -> httpx.Response:
        """The answer with its body.

        Raises:
            HTTPError: it did not answer, failed, or its answer is longer than any that is known.
        """
        headers = self._signer.headers(
            method,
            path,
            host=self._address.netloc,
            body=content,
            others=sent,
            query=query,
            now=self._clock.now(),
        )
        url = f"{self._address.scheme}://{self._address.netloc}{quote(path, safe='/~')}"
        if query:
            url += f"?{query_text(query)}"
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
            length = answer.headers.get("content-length", "0")
            return httpx.Response(
                answer.status_code, headers={"content-length": length}, content=bytes(found)
            )


def _is_lacking(answer: httpx.Response) -> bool:
    return answer.status_code == HTTPStatus.NOT_FOUND
