"""Where an uploaded picture is seen: its files, the pages, lists and frames."""

import json
import re
from dataclasses import replace

import httpx
import pytest

from app.domain.errors import PicturesUnavailable
from app.domain.listings import EventListing
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.steps.pictures import picture_of, upload
from tests.support.fakes import FakePictures
from tests.support.pictures import photo

pytestmark = one_database

HOSTILE = """"><script>alert(1)</script>' onload='alert(2)"""
SHOP = "https://shop.test"


class TestFile:
    @pytest.fixture
    def url(self, api: httpx.Client, event: EventListing, organizer: Person) -> str:
        return str(picture_of(upload(api, event.id, organizer))["files"][0]["url"])

    def test_is_kept_by_caches_for_ever_and_is_nothing_but_a_picture(
        self, api: httpx.Client, url: str
    ) -> None:
        got = api.get(url)

        assert got.headers["content-type"] == "image/jpeg"
        assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert "content-encoding" not in got.headers
        known = api.get(url, headers={"If-None-Match": got.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")

    @pytest.mark.parametrize(
        "path",
        [
            "/pictures/",
            "/pictures/none.jpg",
            "/pictures/..%2f..%2fetc%2fpasswd",
            "/pictures/%2e%2e/%2e%2e/etc/passwd",
            "/pictures/0123456789abcdef0123456789abcdef-400.jpg%00",
            "/pictures/0123456789abcdef0123456789abcdef-400.jpg%0a",
            "/pictures/0123456789ABCDEF0123456789ABCDEF-400.jpg",
            "/pictures/0123456789abcdef0123456789abcdef-400.jpg",
            "/pictures/0123456789abcdef0123456789abcdef-400.html",
        ],
    )
    def test_that_is_none_is_not_found_and_not_kept(self, api: httpx.Client, path: str) -> None:
        got = api.get(path)

        assert (got.status_code, got.json()["code"]) == (404, "path-not-found")
        assert got.headers["cache-control"] == "no-store"

    def test_is_unavailable_while_its_store_is(
        self, api: httpx.Client, url: str, store: FakePictures
    ) -> None:
        store.failure = PicturesUnavailable()

        assert code_of(api.get(url)) == (503, "pictures-unavailable")


class TestPages:
    def test_show_it_with_sizes_and_words(
        self, api: httpx.Client, event: EventListing, organizer: Person
    ) -> None:
        picture = picture_of(upload(api, event.id, organizer, photo(1600, 900), alt=HOSTILE))
        paths = [file["url"].removeprefix(SHOP) for file in picture["files"]]
        event_page = api.get(f"/e/{event.id}", follow_redirects=True)
        page = event_page.text

        assert f'src="{paths[-1]}"' in page
        assert f'srcset="{paths[0]} 400w, {paths[1]} 800w, {paths[2]} 1600w"' in page
        assert 'width="1600" height="900"' in page
        assert "<script>alert" not in page
        assert "onload='" not in page
        assert "img-src 'self' data:;" in event_page.headers["content-security-policy"]
        meta = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)">', page))
        assert meta["og:image"] == picture["files"][-1]["url"]
        assert (meta["og:image:width"], meta["og:image:height"]) == ("1600", "900")
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert data is not None
        assert json.loads(data[1])["image"] == [picture["files"][-1]["url"]]

    def test_in_lists_and_frames_show_it_too(
        self, api: httpx.Client, event: EventListing, organizer: Person
    ) -> None:
        picture = picture_of(upload(api, event.id, organizer))
        path = picture["files"][-1]["url"].removeprefix(SHOP)

        for shown in ("/", f"/e/{event.id}/embed"):
            assert f'src="{path}"' in api.get(shown, follow_redirects=True).text, shown
        (listed,) = api.get("/events/").json()
        assert listed["image"] == picture

    def test_below_a_path_find_it_there(
        self, services: Services, outside: Adapters, event: EventListing, organizer: Person
    ) -> None:
        parts = parts_of(services, outside)
        app = app_of(replace(parts, public_url="https://example.com/shop"))
        transport = InProcess(app)
        with httpx.Client(transport=transport, base_url="https://example.com/shop") as api:
            url = picture_of(upload(api, event.id, organizer))["files"][0]["url"]

            assert url.startswith("https://example.com/shop/pictures/")
            assert api.get(url).status_code == 200
            page = api.get(f"/e/{event.id}", follow_redirects=True).text
            assert url.removeprefix("https://example.com") in page
