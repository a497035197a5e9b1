"""Looks for barriers on a page with axe-core, as people with a screen reader or weak eyes meet."""

import os
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

_PINNED: Final = "axe/node_modules/axe-core/axe.min.js"
_RUN: Final = """async () => (await axe.run()).violations.map(
    each => each.id + ': ' + each.help + ' at ' + each.nodes.map(node => node.target).join(', ')
)"""


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
    found: list[str] = page.evaluate(_RUN)
    return found


def assert_fits(page: Page) -> None:
    """Nothing on the page makes it wider than the window."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wider <= 0, page.url
