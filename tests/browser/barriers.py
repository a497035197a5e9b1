"""Looks for barriers on a page with axe-core, as people with a screen reader or weak eyes meet."""

import os
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

_PINNED: Final = "axe/node_modules/axe-core/axe.min.js"
_RUN: Final = """async rules => {
    const options = rules.length ? {runOnly: {type: 'rule', values: rules}} : {};
    const found = await axe.run({...options, resultTypes: ['violations']});
    return found.violations.map(each =>
        each.id + ': ' + each.help + ' at ' + each.nodes.map(node => node.target).join(', '));
}"""

WIDTHS: Final = (360, 1280)
"""Of a small phone and of a laptop."""

COLOURS: Final = ("color-contrast", "link-in-text-block")
"""The rules that a theme can break: it changes colours alone."""


@cache
def rules_or_skip() -> str:
    """axe-core's program; without it the test is skipped, or fails where ``REQUIRE_AXE=1``."""
    cached = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    file = cached / "event-ticketing-npm" / _PINNED
    if file.exists():
        return file.read_text()
    message = "axe-core, which looks for barriers, is not installed: .ci/run installs it"
    if os.environ.get("REQUIRE_AXE") == "1":
        pytest.fail(message)
    pytest.skip(message)


def barriers_on(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is shown now."""
    page.evaluate(rules_or_skip())
    return _broken(page)


def _broken(page: Page, *rules: str) -> list[str]:
    found: list[str] = page.evaluate(_RUN, rules)
    return found


def assert_without_barriers(page: Page) -> None:
    """Nothing on the page is in anybody's way: on a phone or a laptop, in a light theme or dark."""
    page.evaluate(rules_or_skip())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert_fits(page)
        assert _broken(page) == [], (page.url, width)
        page.emulate_media(color_scheme="dark")
        assert _broken(page, *COLOURS) == [], (page.url, width, "dark")
        page.emulate_media(color_scheme="light")


def assert_open_to_all(page: Page, *addresses: str) -> None:
    """These pages have no barriers, and nothing that the browser complains of."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for address in addresses:
        page.goto(address)
        assert_without_barriers(page)
    assert complaints == []


def assert_fits(page: Page) -> None:
    """Nothing on the page makes it wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, page.url
