"""The scanner: an installable page that goes on without network."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from app.domain.languages import Language
from app.http.browsers.languages import speak_to_reader
from app.http.dependencies import ROOT_PATH
from app.pages.rendering import page
from app.texts.catalogue import _, language, translated
from app.texts.scanner import WORDS

router = APIRouter(include_in_schema=False)

_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)

# The page may be kept, but is asked about each time it is needed: a new release is seen at once.
_FRESH: Final = {"Cache-Control": "no-cache"}

_HEADERS: Final = {
    **_FRESH,
    "Content-Security-Policy": _POLICY,
    "Permissions-Policy": "camera=(self)",
}

_STATIC: Final = Path(__file__).parents[1] / "static"
_WORKER: Final = _STATIC / "scanner" / "sw.js"
_FOLDERS: Final = ("scanner", "zxing-wasm")
_SUFFIXES: Final = {".js", ".css", ".png", ".wasm"}

_PAGE: Final = "/scan"
_MANIFEST: Final = "/scan/app.webmanifest"

_COLOUR: Final = "#12263a"


def _installed(root_path: str) -> dict[str, object]:
    """How the page looks as an app on a phone."""
    return {
        "id": f"{root_path}{_PAGE}",
        "name": _("Ticket scanner"),
        "short_name": _("Scanner"),
        "description": _("Checks tickets at the door, also without network."),
        "start_url": f"{root_path}{_PAGE}",
        "scope": f"{root_path}{_PAGE}",
        "display": "standalone",
        "orientation": "any",
        "theme_color": _COLOUR,
        "background_color": _COLOUR,
        "icons": [
            {
                "src": f"{root_path}/static/scanner/icon-{side}.png",
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for side in (192, 512)
            for purpose in ("any", "maskable")
        ],
    }


@router.get(_PAGE)
def scanner() -> HTMLResponse:
    """The same for everybody: what a phone may do, its enrolment decides."""
    answer = _page()
    answer.headers.update(_HEADERS)
    return answer


def _page() -> HTMLResponse:
    return page("scanner.html", words={word: translated(word) for word in WORDS})


@router.get("/scan/sw.js")
def service_worker() -> Response:
    """What keeps the page for when there is no network; its first line names the release."""
    # Without this header it could serve only what lies below its own folder, and the page does not.
    headers = {**_FRESH, "Service-Worker-Allowed": f"{ROOT_PATH.get()}{_PAGE}"}
    script = _service_worker(ROOT_PATH.get(), language())
    answer = Response(script, media_type="text/javascript", headers=headers)
    speak_to_reader(answer)
    return answer


@router.get(_MANIFEST)
def web_app_manifest() -> Response:
    """How the page looks as an app on a phone."""
    content = json.dumps(_installed(ROOT_PATH.get()))
    answer = Response(content, media_type="application/manifest+json", headers=_FRESH)
    speak_to_reader(answer)
    return answer


@cache
def _service_worker(root_path: str, _language: Language) -> str:
    """The worker of who reads this language: the page that it keeps has its words."""
    files = [file for folder in _FOLDERS for file in sorted((_STATIC / folder).iterdir())]
    kept = [file for file in files if file.suffix in _SUFFIXES and file != _WORKER]
    addresses = [_PAGE, _MANIFEST, *(f"/static/{_address_of(file)}" for file in kept)]
    # Any change to any of them makes another release, which phones then fetch as a whole.
    contents = sha256(bytes(_page().body))
    for file in (*kept, _WORKER):
        contents.update(sha256(file.read_bytes()).digest())
    release = {
        "version": contents.hexdigest()[:16],
        "page": f"{root_path}{_PAGE}",
        "files": [f"{root_path}{address}" for address in addresses],
    }
    return f"const RELEASE = {json.dumps(release)};\n{_WORKER.read_text()}"


def _address_of(file: Path) -> str:
    return file.relative_to(_STATIC).as_posix()
