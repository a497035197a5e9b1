"""The Chromium of this machine, driven by Playwright."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

NAMES: Final = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable"),
)
"""The first of these that is found; the first one has no windows to draw, and is the fastest."""

PATIENCE_MS: Final = 60_000

SMALL_PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
LAPTOP: Final[ViewportSize] = {"width": 1280, "height": 900}

# Root in a container has no sandbox; the rest keeps the browser itself off the network.
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
)


def find_chromium() -> Path | None:
    """The first of ``NAMES`` there is; ``None``: there is none."""
    found = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in found if path), None)


@contextmanager
def running_browser(chromium: Path, more: Sequence[str] = ()) -> Iterator[Browser]:
    """The browser without a window, with ``more`` arguments; it ends with the block."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, *more])
        yield browser
        browser.close()


def new_page(browser: Browser) -> Page:
    """A window that shares nothing with the others."""
    page = browser.new_context(viewport=LAPTOP).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def new_phone(browser: Browser) -> Page:
    """A window of a phone's size, whose pages may use the camera."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        has_touch=True,
        permissions=["camera"],
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page
