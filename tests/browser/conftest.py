"""A real browser in front of a real shop."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import (
    LAPTOP,
    NAMES,
    PATIENCE_MS,
    SMALL_PHONE,
    find_chromium,
    new_page,
    new_phone,
    running_browser,
)
from tests.browser.scanner.cameras import FilmedCamera
from tests.programs.servers import Server, running_shop


# No longer than a module: while it lives, its thread has a running event loop, which tests that
# start one of their own in the same process would trip over.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, or fails where ``REQUIRE_BROWSER=1``."""
    with running_browser(chromium_or_skip()) as browser:
        yield browser


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FilmedCamera:
    """What the browser of `phone` has for a camera; it sees nothing yet."""
    camera = FilmedCamera(tmp_path_factory.mktemp("camera") / "scene.y4m")
    camera.see_nothing()
    return camera


# A module uses this or ``browser``, as two of them do not fit into one thread.
@pytest.fixture(scope="module")
def browser_with_camera(camera: FilmedCamera) -> Iterator[Browser]:
    with running_browser(chromium_or_skip(), camera.arguments) as browser:
        yield browser


@pytest.fixture
def phone(browser_with_camera: Browser, camera: FilmedCamera) -> Iterator[Page]:
    """A phone that was never here and lets pages use its camera, which sees nothing yet."""
    camera.see_nothing()
    page = new_phone(browser_with_camera)
    yield page
    page.context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window without a login, as wide as a laptop."""
    page = new_page(browser)
    yield page
    page.context.close()


@pytest.fixture(params=[SMALL_PHONE, LAPTOP], ids=["phone", "laptop"])
def without_scripts(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window that runs no scripts of the shop: on a small phone, and on a laptop."""
    page = browser.new_context(viewport=request.param, java_script_enabled=False).new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Server]:
    """A fresh shop whose simulated customers pay at once, and buy for many without a mailbox."""
    with running_shop(tmp_path / "shop", {"UNCONFIRMED_PLACES": "20"}) as shop:
        yield shop


def chromium_or_skip() -> Path:
    chromium = find_chromium()
    if chromium is None:
        message = f"no browser is installed: none of {', '.join(NAMES)}"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return chromium
