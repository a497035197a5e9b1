"""The back office in a real browser, without scripts, and with no barriers in either theme."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import assert_open_to_all, assert_without_barriers
from tests.programs.commands import run_alone
from tests.programs.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PASSWORD: Final = "correct horse battery"
PAGES: Final = (
    "/admin",
    "/admin/find?q=ada@example.com",
    "/admin/find?q=nobody",
    "/admin/to-do",
    "/admin/log",
    "/admin/person/2",
    "/admin/order/1",
    "/admin/payment/1",
    "/admin/ticket/1",
    "/admin/mail/1",
    "/admin/do/person/2/role",
    "/admin/do/person/2/log-out",
    "/admin/do/person/2/reset-two-step",
    "/admin/find?q=Obi+Ada&lang=fr",
    "/admin/person/2",
)


@pytest.fixture
def without_scripts(browser: Browser) -> Iterator[Page]:
    """A window that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def busy(shop: Server) -> Server:
    """A shop with an admin, and a free ticket that a guest got."""
    event = {
        "title": "Lagos Jazz Night",
        "date": "2030-06-01T19:00:00",
        "location": "Freedom Park, Lagos",
        "ticket_price": 0,
        "category": "Music",
    }
    root = {"email": "root@example.com", "username": "root", "password": PASSWORD}
    guest = {"event_id": 1, "name": "Ada Obi", "email": "ada@example.com"}
    with shop.client() as http:
        http.post("/users/", json=root).raise_for_status()
        http.post("/events/", json=event).raise_for_status()
        http.post("/checkout", json=guest).raise_for_status()
    made = run_alone("set-role", "root", "admin", folder=shop.folder)
    assert made.returncode == 0, made.stderr
    return shop


def sign_in(page: Page, shop: Server) -> None:
    page.goto(f"{shop.url}/admin")
    page.get_by_label("User name").fill("root")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Back office")


class TestBackOffice:
    def test_leads_from_what_is_quoted_to_what_is_done(
        self, without_scripts: Page, busy: Server
    ) -> None:
        page = without_scripts
        sign_in(page, busy)

        page.get_by_label("What the caller quotes").fill("ada@example.com")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Guest 2").first.click()
        page.get_by_role("link", name="Disable…").click()
        page.get_by_label("Reason").fill("Sold on at the gate")
        page.get_by_role("button", name="Disable the account").click()

        expect(page.get_by_text("Disabled", exact=True)).to_be_visible()
        page.get_by_role("link", name="Log", exact=True).click()
        expect(page.get_by_text("Sold on at the gate")).to_be_visible()
        expect(page.get_by_text("“ada@example.com”")).to_be_visible()

    def test_has_no_barriers_and_fits_phones_and_laptops(self, page: Page, busy: Server) -> None:
        sign_in(page, busy)

        assert_open_to_all(page, *(busy.url + path for path in PAGES))
        refused = page.goto(f"{busy.url}/admin/find?q=")
        assert refused is not None
        assert refused.status == 422
        assert_without_barriers(page)
