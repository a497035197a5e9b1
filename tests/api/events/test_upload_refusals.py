"""Uploads that are no picture, too large, hostile, or of callers without the right."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.domain.listings import EventListing
from app.http.uploads import FORM_BYTES
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.steps.pictures import upload
from tests.support.fakes import FakePictures
from tests.support.pictures import claimed_png, photo

HOSTILE = """"><script>alert(1)</script>' onload='alert(2)"""
SHOP = "https://shop.test"


class TestUpload:
    @pytest.mark.parametrize(
        ("content", "rule"),
        [
            (b"", "must be a picture: choose a file"),
            (b"GIF89a<script>alert(1)</script>", "must be a JPEG, PNG or WebP picture"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a JPEG, PNG or WebP picture"),
            (photo()[:2000], "must be a whole picture; this one is broken or not complete"),
            (claimed_png(30_000, 30_000), "must have at most 32 million pixels; this one has "),
        ],
    )
    @one_database
    def test_of_what_is_no_picture_is_refused_and_keeps_the_one_there_was(
        self,
        api: httpx.Client,
        event: EventListing,
        organizer: Person,
        store: FakePictures,
        content: bytes,
        rule: str,
    ) -> None:
        before, kept = upload(api, event.id, organizer).json(), dict(store.files)

        refused = upload(api, event.id, organizer, content)

        assert code_of(refused) == (422, "picture-unusable")
        assert refused.json()["errors"][0]["pointer"] == "/image"
        assert refused.json()["errors"][0]["detail"].startswith(rule)
        assert api.get(f"/events/{event.id}").json() == before
        assert store.files == kept

    @one_database
    def test_of_more_than_the_limit_is_refused(
        self, api: httpx.Client, event: EventListing, organizer: Person
    ) -> None:
        refused = upload(api, event.id, organizer, bytes(20 * 1024 * 1024))

        assert code_of(refused) == (413, "content-too-large")
        assert refused.json()["limit"] == 10 * 1024 * 1024

    @one_database
    @pytest.mark.parametrize("extra", [1, FORM_BYTES, 5 * 1024 * 1024])
    def test_of_more_than_the_limit_is_refused_also_without_a_length(
        self, api: httpx.Client, event: EventListing, organizer: Person, extra: int
    ) -> None:
        def in_chunks() -> Iterator[bytes]:
            yield b'--x\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'
            yield bytes(10 * 1024 * 1024 + extra)
            yield b"\r\n--x--\r\n"

        refused = api.put(
            f"/events/{event.id}/image",
            content=in_chunks(),
            headers={**organizer.headers, "Content-Type": "multipart/form-data; boundary=x"},
        )

        assert code_of(refused) == (413, "content-too-large")

    @one_database
    @pytest.mark.parametrize(
        ("body", "kind", "code"),
        [
            (b"--x--", "multipart/form-data", (400, "malformed-request")),
            (b"nonsense", "multipart/form-data; boundary=x", (400, "malformed-request")),
            (
                b"--x\r\n\r\n\r\n--x--",
                "multipart/form-data; boundary=x",
                (400, "malformed-request"),
            ),
            (b"--x--\r\n", "multipart/form-data; boundary=x", (422, "validation-failed")),
            (photo(), "image/jpeg", (415, "unsupported-media-type")),
            (b"{}", "application/json", (415, "unsupported-media-type")),
            (b"image=x", "application/x-www-form-urlencoded", (415, "unsupported-media-type")),
        ],
    )
    def test_that_cannot_be_read_is_refused(
        self,
        api: httpx.Client,
        event: EventListing,
        organizer: Person,
        body: bytes,
        kind: str,
        code: tuple[int, str],
    ) -> None:
        refused = api.put(
            f"/events/{event.id}/image",
            content=body,
            headers={**organizer.headers, "Content-Type": kind},
        )

        assert code_of(refused) == code

    @one_database
    @pytest.mark.parametrize(
        ("fields", "pointer"),
        [
            ({"alt": "x" * 251}, "/alt"),
            ({"alt": "two\nlines"}, "/alt"),
            ({"alt": "NUL\x00"}, "/alt"),
            ({"title": "Jazz"}, "/title"),
            ({"image": "text"}, "/image"),
        ],
    )
    def test_with_a_wrong_field_is_refused(
        self,
        api: httpx.Client,
        event: EventListing,
        organizer: Person,
        fields: dict[str, str],
        pointer: str,
    ) -> None:
        files = {} if "image" in fields else {"image": photo()}
        named: Any = {name: (None, value) for name, value in fields.items()}

        refused = api.put(
            f"/events/{event.id}/image", files={**files, **named}, headers=organizer.headers
        )

        assert code_of(refused) == (422, "validation-failed")
        assert refused.json()["errors"][0]["pointer"] == pointer

    @one_database
    def test_of_two_files_is_refused(
        self, api: httpx.Client, event: EventListing, organizer: Person
    ) -> None:
        files = [("image", photo()), ("image", photo())]

        refused = api.put(f"/events/{event.id}/image", files=files, headers=organizer.headers)

        assert code_of(refused) == (400, "malformed-request")

    def test_of_others_is_refused_before_their_file_is_read(
        self, api: httpx.Client, event: EventListing, rival: Person, ada: Person
    ) -> None:
        for person in (rival, ada):
            refused = upload(api, event.id, person, b"never looked at")
            assert code_of(refused) == (404, "event-not-found")

        anonymous = api.put(f"/events/{event.id}/image", files={"image": b"never looked at"})
        assert code_of(anonymous) == (401, "not-logged-in")
        removed = api.delete(f"/events/{event.id}/image", headers=rival.headers)
        assert code_of(removed) == (404, "event-not-found")
