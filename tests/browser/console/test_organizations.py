"""Logos and colours of organizations in Chromium: no barriers in either theme."""

import pytest
from playwright.sync_api import FilePayload, Page

from tests.browser.barriers import assert_open_to_all
from tests.browser.test_console import create_event, sign_up
from tests.programs.servers import Server
from tests.support.pictures import photo

LOGO = photo(600, 200, kind="PNG", mode="RGBA", colour="#00000000")
LOOK = "/manage/organizations/1"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def choose(page: Page, shop: Server, colour: str) -> None:
    page.goto(shop.url + LOOK)
    page.get_by_label("Address for questions").fill("hello@jazz.example.com")
    page.get_by_label("Colour", exact=True).fill(colour)
    page.get_by_label("Use this colour").check()
    page.get_by_role("button", name="Save").click()


def upload_logo(page: Page, shop: Server) -> None:
    page.goto(f"{shop.url}/manage")
    page.get_by_role("link", name="bola").last.click()
    file = FilePayload(name="logo.png", mimeType="image/png", buffer=LOGO)
    page.get_by_label("File with the logo").set_input_files(file)
    page.get_by_role("button", name="Upload the logo").click()


class TestLook:
    def test_has_no_barriers_whatever_the_colour_is(self, page: Page, shop: Server) -> None:
        sign_up(page, shop)
        create_event(page)
        upload_logo(page, shop)
        with shop.client() as http:
            guest = {"event_id": 1, "name": "Ada Obi", "email": "ada@example.com"}
            placed = http.post("/checkout", json=guest).raise_for_status().json()

        event = "/e/1-lagos-jazz-night"
        shown = [LOOK, f"{LOOK}/delete", event, f"{event}/embed", f"{event}/poster"]
        for colour in ("#ffd400", "#10204a", "#767676"):
            choose(page, shop, colour)
            assert_open_to_all(page, *(shop.url + path for path in shown), placed["order_url"])
        page.goto(shop.url + event)
        logo = page.locator("img.logo")
        assert logo.evaluate("logo => logo.naturalWidth") == 480
