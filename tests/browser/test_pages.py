"""The public pages in a real browser: both themes, a phone and a laptop, no barriers."""

from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers_on
from tests.programs.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

WIDTHS: Final = (360, 1280)
LIGHTEST: Final = 60_000
"""Bytes an event's page may take, with all it loads but its picture."""

EVENT: Final = {
    "title": "Lagos Jazz Night, with a title that is as long as organizers like to make them",
    "date": "2030-06-01T19:00:00",
    "doors_open_at": "2030-06-01T18:00:00",
    "location": "Freedom Park, 1 Hospital Road, Lagos Island",
    "ticket_price": 2500,
    "category": "Music",
    "description": "Three bands.\n\nFood from six kitchens.",
    "terms": "No glass bottles.",
    "refund_hours": 48,
    "ticket_types": [
        {"name": "Regular", "ticket_price": 2500, "capacity": 100},
        {"name": "Early bird", "ticket_price": 50, "sales_open_at": "2030-01-01T00:00:00"},
    ],
}


def fill(shop: Server) -> None:
    with shop.client() as http:
        http.event_hooks["response"] = [httpx.Response.raise_for_status]
        http.post("/events/", json=EVENT)
        http.post("/events/", json={**EVENT, "title": "Python day", "ticket_types": []})


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window in one of the themes whose pages may run no script of their own."""
    context = browser.new_context(color_scheme=request.param)
    yield context.new_page()
    context.close()


class TestPages:
    def test_have_no_barriers_and_fit_phones_and_laptops(self, themed: Page, shop: Server) -> None:
        fill(shop)
        complaints: list[str] = []
        themed.on("console", lambda message: complaints.append(message.text))

        for path in (
            "/",
            "/sign-in",
            "/sign-up",
            "/account/forgotten",
            "/?q=nothing",
            "/e/1",
            "/e/2",
            "/e/1/poster",
            "/e/1/embed",
        ):
            for width in WIDTHS:
                themed.set_viewport_size({"width": width, "height": 800})
                themed.goto(shop.url + path)
                assert themed.evaluate("document.documentElement.scrollWidth") == width, path
                assert barriers_on(themed) == [], path
        assert complaints == []

    def test_lead_from_the_front_to_the_event_by_keyboard(self, page: Page, shop: Server) -> None:
        fill(shop)
        page.goto(shop.url)

        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="To the content")).to_be_focused()
        page.get_by_role("searchbox").focus()
        page.keyboard.type("jazz")
        page.keyboard.press("Enter")
        expect(page.get_by_role("listitem").filter(has_text="Python day")).to_have_count(0)
        page.get_by_role("link", name="Lagos Jazz Night").focus()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_contain_text("Lagos Jazz Night")
        expect(page.get_by_text("On sale from Tuesday, 1 January 2030")).to_be_visible()

    def test_of_an_event_are_light(self, page: Page, shop: Server) -> None:
        fill(shop)
        bodies: list[int] = []
        page.on("response", lambda answer: bodies.append(len(answer.body())))

        page.goto(shop.url + "/e/1")
        page.wait_for_load_state("networkidle")

        assert 0 < sum(bodies) < LIGHTEST
