"""A real browser in front of a real shop."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import NAMES, find_chromium, new_page, running_browser
from tests.servers import Server, running_shop


# No longer than a module: while it lives, its thread has a running event loop, which tests that
# start one of their own in the same process would trip over.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, or fails where ``REQUIRE_BROWSER=1``."""
    chromium = find_chromium()
    if chromium is None:
        message = f"no browser is installed: none of {', '.join(NAMES)}"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with running_browser(chromium) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window of nobody yet, as wide as a laptop."""
    page = new_page(browser)
    yield page
    page.context.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Server]:
    """A fresh shop whose simulated customers pay at once."""
    with running_shop(tmp_path / "shop") as shop:
        yield shop
