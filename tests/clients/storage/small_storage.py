"""A small storage on this machine that speaks the S3 protocol."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import httpx

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.storage.buckets import Bucket
from app.clients.storage.signatures import Signer
from tests.support.fakes import START, FakeClock

SIGNER: Final = Signer(access_key="KEY", secret_key="a secret nobody may see", region="eu-west-1")
NAMES_A_PAGE: Final = 3


@dataclass
class Kept:
    """What the storage has: content by path, and when each was written."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    written: dict[str, datetime] = field(default_factory=dict)
    now: datetime = START
    largest: int = 0
    """Bytes of the largest body that came or went."""
    refuses_after: int | None = None
    """Files that it still takes; ``None``: all."""


class _Handler(BaseHTTPRequestHandler):
    """Takes only calls whose signature it finds itself."""

    kept: Kept
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        if not self._is_signed(content):
            return
        if self.kept.refuses_after is not None and len(self.kept.files) >= self.kept.refuses_after:
            self._answer(507)
            return
        self.kept.files[self.path] = content
        self.kept.written[self.path] = self.kept.now
        self.kept.largest = max(self.kept.largest, len(content))
        self._answer(200)

    def do_GET(self) -> None:
        if not self._is_signed(b""):
            return
        query = dict(parse_qsl(urlsplit(self.path).query))
        if query.get("list-type") == "2":
            self._answer(200, self._list(query))
            return
        found = self.kept.files.get(self.path)
        self._answer(404 if found is None else 200, found or b"")

    def do_HEAD(self) -> None:
        if self._is_signed(b""):
            found = self.kept.files.get(self.path)
            self._answer(404 if found is None else 200, found or b"", with_body=False)

    def do_DELETE(self) -> None:
        if self._is_signed(b""):
            self.kept.files.pop(self.path, None)
            self._answer(204)

    def log_message(self, *told: object) -> None:
        """Say nothing."""

    def _list(self, query: Mapping[str, str]) -> bytes:
        bucket = f"{urlsplit(self.path).path.rstrip('/')}/"
        keys = sorted(
            path.removeprefix(bucket)
            for path in self.kept.files
            if path.startswith(bucket + query["prefix"])
        )
        begin = int(query.get("continuation-token", "0"))
        page = keys[begin : begin + NAMES_A_PAGE]
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key>"
            f"<LastModified>{_as_told(self.kept.written[bucket + key])}</LastModified></Contents>"
            for key in page
        )
        behind = begin + NAMES_A_PAGE
        more = f"<NextContinuationToken>{behind}</NextContinuationToken>" if keys[behind:] else ""
        return f"<ListBucketResult>{entries}{more}</ListBucketResult>".encode()

    def _is_signed(self, body: bytes) -> bool:
        given = self.headers["authorization"]
        names = given.split("SignedHeaders=")[1].split(",")[0].split(";")
        others = {
            name: self.headers[name]
            for name in names
            if name not in ("host", "x-amz-date", "x-amz-content-sha256")
        }
        asked = urlsplit(self.path)
        headers = SIGNER.headers(
            self.command,
            unquote(asked.path),
            host=self.headers["host"],
            body=body,
            others=others,
            query=dict(parse_qsl(asked.query)),
            now=START,
        )
        if headers["authorization"] != given:
            self._answer(403)
            return False
        return True

    def _answer(self, status: int, content: bytes = b"", *, with_body: bool = True) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if with_body:
            self.wfile.write(content)


def _as_told(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"


@contextmanager
def small_storage() -> Iterator[Kept]:
    """A storage with a bucket at its ``url``."""
    kept = Kept()
    kind = type("Handler", (_Handler,), {"kept": kept})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        kept.url = f"http://127.0.0.1:{server.server_port}/bucket"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


def bucket_at(
    address: str, http: httpx.Client, *, budget: float = 5, signer: Signer = SIGNER
) -> Bucket:
    return Bucket(
        http=http,
        address=address,
        signer=signer,
        bulkhead=Bulkhead(breaker=Breaker(name="storage"), budget=timedelta(seconds=budget)),
        clock=FakeClock(),
    )
