"""From a draft to an event on sale, paused and repeated, in a real browser."""

from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import assert_open_to_all
from tests.browser.test_console import sign_up
from tests.programs.servers import Server

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

    def test_has_no_barriers_and_fits_phones_and_laptops(self, page: Page, shop: Server) -> None:
        sign_up(page, shop)
        keep_draft(page)

        assert_open_to_all(page, *(shop.url + path for path in DRAFT_PAGES))
        page.goto(f"{shop.url}/manage/events/1")
        page.get_by_role("button", name="Publish").click()
        page.get_by_role("button", name="Pause sales").click()
        assert_open_to_all(page, *(shop.url + path for path in PAUSED_PAGES))
