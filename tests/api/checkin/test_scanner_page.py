"""The scanner page's files; `tests/browser/scanner/test_scanner.py` uses them in a browser."""

import json
import re
from io import BytesIO
from typing import Any

import httpx
from PIL import Image

from tests.api.conftest import one_database

ADDRESS = re.compile(r'(?:href|src)="([^"]+)"|(?:from|import)\s*\(?"([^"]+)"')


def release_of(api: httpx.Client) -> dict[str, Any]:
    first_line = api.get("/scan/sw.js").text.partition("\n")[0]
    release: dict[str, Any] = json.loads(first_line.removeprefix("const RELEASE = ").rstrip(";"))
    return release


def named_in(source: httpx.Response) -> set[str]:
    """The addresses a page or a module loads."""
    found = {one or other for one, other in ADDRESS.findall(source.text)}
    return {str(source.url.join(address).path) for address in found}


@one_database
class TestScannerPage:
    def test_may_run_own_scripts_only(self, api: httpx.Client) -> None:
        answer = api.get("/scan")

        policy = dict(
            part.strip().split(" ", 1)
            for part in answer.headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
        assert "unsafe-inline" not in str(policy)
        assert set(policy.values()) == {"'none'", "'self'", "'self' 'wasm-unsafe-eval'"}
        assert "<script>" not in answer.text
        assert "style=" not in answer.text

    def test_keeps_every_file_it_loads(self, api: httpx.Client) -> None:
        kept = set(release_of(api)["files"])

        answers = {path: api.get(path) for path in kept}

        assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(
            kept, 200
        )
        texts = [
            answer
            for path, answer in answers.items()
            if path == "/scan" or (path.endswith(".js") and "/scanner/" in path)
        ]
        loaded = set().union(*(named_in(text) for text in texts))
        assert "/static/zxing-wasm/index.js" in loaded
        assert loaded - {"/manage/door"} <= kept  # a link for browsers without scripts

    def test_names_no_other_host(self, api: httpx.Client) -> None:
        texts = [path for path in release_of(api)["files"] if not path.endswith((".png", ".wasm"))]

        named = {path: re.findall(r"https?://[^\s\"'`]+", api.get(path).text) for path in texts}

        assert {path: found for path, found in named.items() if found} == {}

    def test_lets_its_worker_serve_the_page_itself(self, api: httpx.Client) -> None:
        answer = api.get("/scan/sw.js")

        assert answer.headers["service-worker-allowed"] == "/scan"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"] == "no-cache"

    def test_can_be_installed(self, api: httpx.Client) -> None:
        answer = api.get("/scan/app.webmanifest")

        app = answer.json()
        assert answer.headers["content-type"] == "application/manifest+json"
        assert (app["start_url"], app["scope"], app["display"]) == ("/scan", "/scan", "standalone")
        for icon in app["icons"]:
            with Image.open(BytesIO(api.get(icon["src"]).content)) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]
                assert picture.format == "PNG"
        assert {icon["sizes"] for icon in app["icons"]} == {"192x192", "512x512"}
