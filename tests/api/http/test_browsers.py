"""What browsers, monitors and programs of other sites expect of any server."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.factory import AppParts
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.answers import code_of
from tests.api.conftest import EVENT, Person, one_database
from tests.api.described_operations import operations_of
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.support.factories import Factory

SITE = "https://site.example"


@pytest.fixture
def parts(services: Services, outside: Adapters) -> AppParts:
    return parts_of(services, outside)


@pytest.fixture
def for_sites(parts: AppParts) -> Iterator[httpx.Client]:
    """The API, which pages of one other site may call."""
    transport = InProcess(app_of(replace(parts, allowed_origins=[SITE])))
    with httpx.Client(transport=transport, base_url="https://shop.test") as client:
        yield client


@one_database
class TestHead:
    def test_answers_as_get_does_without_a_body(
        self, api: httpx.Client, app: FastAPI, ada: Person
    ) -> None:
        paths = [each.path for each in operations_of(app) if each.method == "GET"]
        pages = ["/", "/docs", "/redoc", "/openapi.json", "/scan", "/scan/sw.js", "/nowhere"]
        pages += ["/static/docs/swagger.js", "/payments/callback", "/t/unknown"]
        for path in [*paths, *pages]:
            got = api.get(path, headers=ada.headers)
            asked = api.head(path, headers=ada.headers)

            assert asked.status_code == got.status_code, path
            assert asked.content == b"", path
            for name in ("content-type", "content-length", "etag", "location", "cache-control"):
                assert asked.headers.get(name) == got.headers.get(name), f"{name} of {path}"

    def test_changes_nothing_where_get_is_not_taken(self, api: httpx.Client) -> None:
        answer = api.head("/token/revoke")

        assert answer.status_code == 405
        assert answer.headers["allow"] == "POST"

    def test_does_not_wait_for_a_stream(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        event = make.event(organizer=organizer.user)

        answer = api.head(f"/events/{event.id}/check-ins/stream", headers=organizer.headers)

        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")


@one_database
class TestCrossOrigin:
    def test_pages_of_a_named_site_may_call(self, for_sites: httpx.Client) -> None:
        asked = for_sites.options(
            "/orders/",
            headers={
                "Origin": SITE,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
            },
        )
        called = for_sites.get("/events/?limit=1", headers={"Origin": SITE})

        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == SITE
        assert "access-control-allow-credentials" not in asked.headers
        assert called.headers["access-control-allow-origin"] == SITE
        assert "Link" in called.headers["access-control-expose-headers"]

    @pytest.mark.parametrize("path", ["/events/99", "/" + "a" * 3000, "/users"])
    def test_they_may_read_refusals(self, for_sites: httpx.Client, path: str) -> None:
        answer = for_sites.get(path, headers={"Origin": SITE})

        assert answer.status_code >= 400
        assert answer.headers["access-control-allow-origin"] == SITE

    def test_pages_of_others_may_not(self, for_sites: httpx.Client, api: httpx.Client) -> None:
        other = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

        assert for_sites.options("/orders/", headers=other).status_code == 400
        assert "access-control-allow-origin" not in for_sites.get("/events/", headers=other).headers
        for answer in (api.options("/orders/", headers=other), api.get("/events/", headers=other)):
            assert "access-control-allow-origin" not in answer.headers


@one_database
class TestOnlyHttps:
    def test_is_told_where_people_use_https(self, api: httpx.Client, parts: AppParts) -> None:
        for path in ("/events/", "/nowhere", "/docs"):
            assert api.get(path).headers["strict-transport-security"] == "max-age=31536000"

        transport = InProcess(app_of(replace(parts, public_url="http://shop.test")))
        with httpx.Client(transport=transport, base_url="http://shop.test") as client:
            assert "strict-transport-security" not in client.get("/events/").headers


@one_database
class TestFrames:
    @pytest.mark.parametrize(
        "path",
        ["/events/", "/nowhere", "/docs", "/scan", "/t/unknown", "/", "/static/scanner/app.js"],
    )
    def test_of_other_sites_show_nothing_of_the_shop(self, api: httpx.Client, path: str) -> None:
        policies = api.get(path).headers.get_list("content-security-policy")

        assert len(policies) == 1
        assert "frame-ancestors 'none'" in policies[0]


@one_database
class TestCompression:
    @pytest.fixture
    def many(self, api: httpx.Client) -> None:
        for number in range(10):
            assert api.post("/events/", json={**EVENT, "title": f"Event {number}"}).is_success

    @staticmethod
    def raw(client: httpx.Client, path: str, **headers: Any) -> tuple[httpx.Response, bytes]:
        """An answer and its body as it came."""
        with client.stream("GET", path, headers={"Accept-Encoding": "", **headers}) as answer:
            return answer, b"".join(answer.iter_raw())

    @pytest.mark.usefixtures("many")
    @pytest.mark.parametrize("path", ["/events/?limit=10", "/openapi.json", "/scan"])
    def test_makes_lists_and_pages_smaller(self, api: httpx.Client, path: str) -> None:
        plain, whole = self.raw(api, path)
        answer, body = self.raw(api, path, **{"Accept-Encoding": "br, gzip;q=0.8"})

        assert "content-encoding" not in plain.headers
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) == len(body) < len(whole) / 2
        assert gzip.decompress(body) == whole
        for each in (plain, answer):
            assert "Accept-Encoding" in each.headers["vary"]

    @pytest.mark.usefixtures("many")
    @pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br, *;q=0.0"])
    def test_is_left_to_the_caller(self, api: httpx.Client, accepted: str) -> None:
        answer, _ = self.raw(api, "/events/?limit=10", **{"Accept-Encoding": accepted})

        assert "content-encoding" not in answer.headers

    def test_is_not_done_to_answers_that_hold_secrets(
        self, api: httpx.Client, make: Factory, ada: Person
    ) -> None:
        for _ in range(10):
            make.buy(ada.user, make.event().id)

        for path in ("/tickets/?limit=10", "/users/me", "/events/1/promo-codes", "/tickets/1.json"):
            answer = api.get(path, headers={**ada.headers, "Accept-Encoding": "gzip"})
            assert "content-encoding" not in answer.headers, path

    def test_of_a_tagged_answer_still_knows_the_tag(self, api: httpx.Client, many: None) -> None:
        for path in ("/static/swagger-ui/swagger-ui.css", "/static/scanner/app.js"):
            first = api.get(path, headers={"Accept-Encoding": "gzip"})

            assert first.headers["etag"].startswith("W/")
            for tag in (first.headers["etag"], first.headers["etag"].removeprefix("W/")):
                again = api.get(path, headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
                assert again.status_code == 304


@one_database
class TestStaticFiles:
    @pytest.mark.parametrize(
        ("path", "kept"),
        [
            ("swagger-ui/swagger-ui-bundle.js", "public, max-age=86400"),
            ("zxing-wasm/zxing_reader.wasm", "public, max-age=86400"),
            ("scanner/app.js", "no-cache"),
            ("docs/swagger.js", "no-cache"),
        ],
    )
    def test_may_be_kept_and_come_in_fewer_bytes(
        self, api: httpx.Client, path: str, kept: str
    ) -> None:
        plain = api.get(f"/static/{path}", headers={"Accept-Encoding": "identity"})
        answer = api.get(f"/static/{path}", headers={"Accept-Encoding": "gzip"})

        assert plain.headers["cache-control"] == answer.headers["cache-control"] == kept
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == plain.content
        assert int(answer.headers["content-length"]) < len(plain.content) / 2 + 200
        assert answer.headers["content-type"] == plain.headers["content-type"]

    def test_that_do_not_exist_are_not_kept(self, api: httpx.Client) -> None:
        answer = api.get("/static/nothing.js")

        assert code_of(answer) == (404, "path-not-found")
        assert answer.headers["cache-control"] == "no-store"
