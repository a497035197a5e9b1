"""Logos and colours of organizations in Chromium: no barriers in either theme."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page

from tests.browser.barriers import barriers_on
from tests.browser.test_console import WIDTHS, create_event, sign_up
from tests.programs.servers import Server
from tests.support.pictures import photo

LOGO = photo(600, 200, kind="PNG", mode="RGBA", colour="#00000000")
LOOK = "/manage/organizations/1"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window in one of the themes."""
    context = browser.new_context(color_scheme=request.param)
    yield context.new_page()
    context.close()


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
    def test_has_no_barriers_whatever_the_colour_is(self, themed: Page, shop: Server) -> None:
        complaints: list[str] = []
        themed.on("console", lambda message: complaints.append(message.text))
        sign_up(themed, shop)
        create_event(themed)
        upload_logo(themed, shop)
        with shop.client() as http:
            guest = {"event_id": 1, "name": "Ada Obi", "email": "ada@example.com"}
            placed = http.post("/checkout", json=guest).raise_for_status().json()

        event = "/e/1-lagos-jazz-night"
        shown = [LOOK, f"{LOOK}/delete", event, f"{event}/embed", f"{event}/poster"]
        for colour in ("#ffd400", "#10204a", "#767676"):
            choose(themed, shop, colour)
            for address in [*(shop.url + path for path in shown), placed["order_url"]]:
                for width in WIDTHS:
                    themed.set_viewport_size({"width": width, "height": 800})
                    themed.goto(address)
                    wide = themed.evaluate("document.documentElement.scrollWidth")
                    assert wide == width, address
                    assert barriers_on(themed) == [], (address, colour)
        assert complaints == []
        themed.goto(shop.url + event)
        logo = themed.locator("img.logo")
        assert logo.evaluate("logo => logo.naturalWidth") == 480
