"""Pictures in S3 storage: over a faked wire, and in a small storage on this machine."""

import hashlib
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import respx
from structlog.testing import capture_logs

from app.clients.storage.buckets import LARGEST_ANSWER
from app.clients.storage.s3 import S3Pictures
from app.clients.storage.signatures import Signer
from app.domain.errors import PicturesUnavailable
from tests.clients.storage.small_storage import bucket_at, small_storage
from tests.support.fakes import START

BUCKET = "https://storage.test/shop/pictures"
NAME = "0123456789abcdef0123456789abcdef-400.jpg"


def pictures_at(address: str, http: httpx.Client, **how: Any) -> S3Pictures:
    return S3Pictures(bucket_at(address, http, **how))


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


@pytest.fixture
def pictures(http: httpx.Client) -> S3Pictures:
    return pictures_at(BUCKET, http)


class TestSave:
    def test_puts_the_file_under_its_name_signed(
        self, pictures: S3Pictures, respx_mock: respx.MockRouter
    ) -> None:
        route = respx_mock.put(f"{BUCKET}/{NAME}").respond(200)

        pictures.save(NAME, b"content")

        sent = route.calls.last.request
        assert sent.content == b"content"
        assert sent.headers["content-type"] == "image/jpeg"
        assert sent.headers["x-amz-content-sha256"] == hashlib.sha256(b"content").hexdigest()
        assert sent.headers["x-amz-date"] == f"{START:%Y%m%dT%H%M%SZ}"
        assert "content-type;host;" in sent.headers["authorization"]

    @pytest.mark.parametrize("status", [301, 400, 403, 404, 500, 503])
    def test_is_refused_when_the_storage_does_not_take_it(
        self, pictures: S3Pictures, respx_mock: respx.MockRouter, status: int
    ) -> None:
        respx_mock.put(f"{BUCKET}/{NAME}").respond(status, text="<Error>KEY</Error>")

        with pytest.raises(PicturesUnavailable), capture_logs() as lines:
            pictures.save(NAME, b"content")

        assert lines
        assert "KEY" not in str(lines)


class TestLoad:
    def test_gives_the_content(self, pictures: S3Pictures, respx_mock: respx.MockRouter) -> None:
        respx_mock.get(f"{BUCKET}/{NAME}").respond(200, content=b"content")

        assert pictures.load(NAME) == b"content"

    def test_gives_nothing_if_there_is_none(
        self, pictures: S3Pictures, respx_mock: respx.MockRouter
    ) -> None:
        respx_mock.get(f"{BUCKET}/{NAME}").respond(404)

        assert pictures.load(NAME) is None

    def test_takes_no_endless_answer(
        self, pictures: S3Pictures, respx_mock: respx.MockRouter
    ) -> None:
        respx_mock.get(f"{BUCKET}/{NAME}").respond(200, content=bytes(LARGEST_ANSWER + 1))

        with pytest.raises(PicturesUnavailable):
            pictures.load(NAME)

    def test_is_left_alone_after_failures_in_a_row(
        self, pictures: S3Pictures, respx_mock: respx.MockRouter
    ) -> None:
        route = respx_mock.get(f"{BUCKET}/{NAME}").mock(side_effect=httpx.ConnectError("down"))

        for _ in range(8):
            with pytest.raises(PicturesUnavailable):
                pictures.load(NAME)

        assert route.call_count == 5

    def test_ends_with_its_budget(self, http: httpx.Client, respx_mock: respx.MockRouter) -> None:
        held = threading.Event()

        def hang(request: httpx.Request) -> httpx.Response:
            held.wait(30)
            return httpx.Response(200)

        respx_mock.get(f"{BUCKET}/{NAME}").mock(side_effect=hang)

        with pytest.raises(PicturesUnavailable):
            pictures_at(BUCKET, http, budget=0.1).load(NAME)

        held.set()


@pytest.fixture
def storage() -> Iterator[str]:
    """The address of a bucket."""
    with small_storage() as kept:
        yield kept.url


class TestOnTheWire:
    def test_files_are_kept_read_and_deleted(self, storage: str, http: httpx.Client) -> None:
        pictures = pictures_at(storage, http)

        pictures.save(NAME, b"\x00\xff" * 1000)
        pictures.save(NAME, b"\x00\xff" * 1000)

        assert pictures.load(NAME) == b"\x00\xff" * 1000
        pictures.delete(NAME)
        pictures.delete(NAME)
        assert pictures.load(NAME) is None
        http.close()

    def test_another_key_is_refused(self, storage: str, http: httpx.Client) -> None:
        signer = Signer(access_key="KEY", secret_key="another", region="eu-west-1")
        other = pictures_at(storage, http, signer=signer)

        with pytest.raises(PicturesUnavailable):
            other.save(NAME, b"content")
        http.close()
