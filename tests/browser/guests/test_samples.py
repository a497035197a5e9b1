"""Samples by the button, without scripts: from an empty console to three events, books in order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.programs.commands import run_alone
from tests.programs.servers import running_shop

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def window(browser: Browser) -> Iterator[Page]:
    """A phone that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.set_default_timeout(120_000)
    yield page
    context.close()


def sign_up(page: Page, url: str) -> None:
    """From the front of a shop in which nothing is on."""
    page.goto(url)
    page.get_by_role("link", name="Sign up to look around").click()
    page.get_by_label("User name").fill("bola")
    page.get_by_label("E-mail address").fill("bola@example.com")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign up").click()


def test_fills_the_console_of_a_demo(window: Page, tmp_path: Path) -> None:
    with running_shop(tmp_path) as shop:
        sign_up(window, shop.url)

        window.get_by_role("button", name="Make three sample events").click()

        expect(window.get_by_role("heading", name="Samples are being made")).to_be_visible()
        window.wait_for_url(f"{shop.url}/manage")
        expect(window.get_by_role("link", name="Lagos Jazz Night")).to_be_visible()
        expect(window.locator("tbody tr")).to_have_count(3)
        expect(window.get_by_role("button", name="Make three sample events")).to_have_count(0)
        with shop.client() as http:
            listed = http.get("/events/").raise_for_status().json()
            assert len(listed) == 3
            assert all(each["image"] for each in listed)

    for command in ("audit", "reconcile"):
        ended = run_alone(command, folder=tmp_path)
        assert ended.returncode == 0, ended.stdout + ended.stderr
