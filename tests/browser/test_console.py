"""The console in a real browser: from nothing to an event on sale, and no barriers on the way."""

from typing import Final

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.barriers import assert_open_to_all
from tests.programs.servers import Server
from tests.support.pictures import photo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PAGES: Final = (
    "/manage",
    "/manage/events/new",
    "/manage/events/1",
    "/manage/events/1/desk",
    "/manage/events/1/messages",
    "/manage/events/1/waiting-list",
    "/manage/events/1/edit",
    "/manage/events/1/orders/1",
    "/manage/events/1/attendance",
    "/manage/events/1/exports",
    "/manage/organizations/1",
    "/manage/organizations/1/report?first=2026-01-01",
    "/manage/events/1/report",
    "/manage/events/1/gates",
    "/manage/door",
    "/manage/events/1/door?q=1",
    "/manage/events/1/promo-codes",
    "/manage/events/1/promo-codes/new",
    "/manage/events/1/ticket-types",
    "/manage/events/1/ticket-types/1",
    "/manage/events/1/picture",
    "/manage/events/1/cancel",
    "/manage/teams",
    "/manage/teams/1",
    "/account/password",
    "/account/sessions",
    "/account/tickets",
    "/account/two-step",
    "/sign-out",
)


def sign_up(page: Page, shop: Server) -> None:
    page.goto(shop.url)
    page.get_by_role("link", name="Sell tickets").click()
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("User name").fill("bola")
    page.get_by_label("E-mail address").fill("bola@example.com")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign up").click()


def create_event(page: Page) -> None:
    page.get_by_role("link", name="Create an event").click()
    page.get_by_label("Title").fill("Lagos Jazz Night")
    page.get_by_label("Date and time").fill("2030-06-01T19:00")
    page.get_by_label("Place", exact=True).fill("Freedom Park, Lagos")
    page.get_by_label("Price of a ticket").fill("2500")
    page.get_by_label("How many tickets").fill("200")
    page.get_by_role("button", name="Create it").click()


def upload_picture(page: Page, shop: Server) -> None:
    page.goto(f"{shop.url}/manage/events/1")
    page.get_by_role("link", name="Add a picture").click()
    file = FilePayload(name="band.jpg", mimeType="image/jpeg", buffer=photo(1600, 900))
    page.get_by_label("Picture").set_input_files(file)
    page.get_by_label("What it shows").fill("A band on a stage")
    page.get_by_role("button", name="Upload the picture").click()


class TestConsole:
    def test_leads_from_nothing_to_an_event_on_sale_without_scripts(
        self, without_scripts: Page, shop: Server
    ) -> None:
        page = without_scripts

        sign_up(page, shop)
        create_event(page)

        expect(page.get_by_role("heading", level=1)).to_have_text("Lagos Jazz Night")
        upload_picture(page, shop)
        expect(page.get_by_role("link", name="Change the picture")).to_be_visible()
        page.get_by_role("link", name="What is on").click()
        page.get_by_role("link", name="Lagos Jazz Night").click()
        expect(page.get_by_text("200 left")).to_be_visible()
        picture = page.get_by_role("img", name="A band on a stage")
        assert picture.evaluate("picture => picture.naturalWidth") > 0
        page.goto(f"{shop.url}/manage")
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{shop.url}/manage")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")

    def test_has_no_barriers_and_fits_phones_and_laptops(self, page: Page, shop: Server) -> None:
        sign_up(page, shop)
        create_event(page)
        upload_picture(page, shop)
        with shop.client() as http:
            guest = {"event_id": 1, "name": "Ada Obi", "email": "ada@example.com"}
            http.post("/checkout", json=guest).raise_for_status()

        assert_open_to_all(page, *(shop.url + path for path in PAGES))
