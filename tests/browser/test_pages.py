"""The public pages in a real browser: both themes, a phone and a laptop, no barriers."""

from typing import Final

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import assert_open_to_all
from tests.programs.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

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


PATHS: Final = (
    *("/", "/?q=nothing", "/sign-in", "/sign-up", "/account/forgotten"),
    *("/e/1", "/e/2", "/e/1/poster", "/e/1/embed"),
)


def fill(shop: Server) -> None:
    with shop.client() as http:
        http.event_hooks["response"] = [httpx.Response.raise_for_status]
        http.post("/events/", json=EVENT)
        http.post("/events/", json={**EVENT, "title": "Python day", "ticket_types": []})


class TestPages:
    def test_have_no_barriers_and_fit_phones_and_laptops(self, page: Page, shop: Server) -> None:
        fill(shop)

        assert_open_to_all(page, *(shop.url + path for path in PATHS))

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
