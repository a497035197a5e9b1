"""From a draft to an event on sale, paused and repeated, in a real browser."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import barriers_on
from tests.browser.test_console import WIDTHS, sign_up, themed
from tests.programs.servers import Server

__all__ = ["themed"]  # fixture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DRAFT_PAGES: Final = (
    *("/manage", "/manage/events/1", "/manage/events/1/edit", "/manage/events/1/preview"),
    *("/manage/events/1/duplicate", "/manage/events/1/delete", "/manage/events/new"),
)
PAUSED_PAGES: Final = ("/manage", "/manage/events/1", "/e/1-lagos-jazz-night", "/")


def keep_draft(page: Page) -> None:
    page.get_by_role("link", name="Create an event").click()
    page.get_by_label("Title").fill("Lagos Jazz Night")
    page.get_by_label("Date and time").fill("2030-06-01T19:00")
    page.get_by_label("Place", exact=True).fill("Freedom Park, Lagos")
    page.get_by_label("Price of a ticket").fill("2500")
    page.get_by_label("Keep it as a draft").check()
    page.get_by_role("button", name="Create it").click()


def assert_without_barriers(page: Page, shop: Server, *paths: str) -> None:
    for path in paths:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(shop.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") == width, path
            assert barriers_on(page) == [], path


class TestEventLife:
    def test_goes_from_draft_to_sale_and_on_without_scripts(
        self, without_scripts: Page, shop: Server
    ) -> None:
        page = without_scripts
        sign_up(page, shop)
        keep_draft(page)

        page.get_by_role("link", name="Preview its page").click()
        expect(page.get_by_text("Preview of a draft.")).to_be_visible()
        page.get_by_role("link", name="Back to the event").click()
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("This is a draft.")).to_have_count(0)
        page.get_by_role("button", name="Pause sales").click()
        expect(page.get_by_text("Sales are paused.")).to_be_visible()
        page.get_by_role("button", name="Resume sales").click()
        page.get_by_role("link", name="Duplicate").click()
        page.get_by_label("New date and time").fill("2030-06-08T19:00")
        page.get_by_role("button", name="Duplicate").click()
        expect(page.get_by_text("This is a draft.")).to_be_visible()
        page.get_by_role("link", name="Delete the draft").click()
        page.get_by_role("button", name="Delete it").click()
        expect(page.get_by_role("row", name="Lagos Jazz Night")).to_have_count(1)

    def test_has_no_barriers_and_fits_phones_and_laptops(self, themed: Page, shop: Server) -> None:
        complaints: list[str] = []
        themed.on("console", lambda message: complaints.append(message.text))
        sign_up(themed, shop)
        keep_draft(themed)

        assert_without_barriers(themed, shop, *DRAFT_PAGES)
        themed.goto(f"{shop.url}/manage/events/1")
        themed.get_by_role("button", name="Publish").click()
        themed.get_by_role("button", name="Pause sales").click()
        assert_without_barriers(themed, shop, *PAUSED_PAGES)
        assert complaints == []
