"""The page of the door in a real browser: its counts go on, and without scripts it works."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import assert_fits
from tests.browser.chromium import LAPTOP, PATIENCE_MS, SMALL_PHONE
from tests.programs.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ACCOUNT: Final = {"username": "bola", "password": "correct horse battery"}
EVENT: Final[dict[str, Any]] = {
    "title": "Lagos Jazz Night",
    "date": "2040-06-01T19:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": 0,
}


LOOKS_AGAIN_MS: Final = 10_000


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def runs_scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=[SMALL_PHONE, LAPTOP], ids=["phone", "laptop"])
def window(browser: Browser, runs_scripts: bool, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=runs_scripts, viewport=request.param)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def buy_and_sign_in(page: Page, shop: Server, http: httpx.Client) -> dict[str, str]:
    """Two tickets to an event of Bola's, who is at a browser; gives the headers of the API."""
    http.post("/users/", json={**ACCOUNT, "email": "bola@example.com"}).raise_for_status()
    token = http.post("/token", data=ACCOUNT).raise_for_status().json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    http.post("/events/", json=EVENT, headers=headers).raise_for_status()
    for name in ("Ngozi Eze", "Tunde Bello"):
        item = {"ticket_type_id": 1, "quantity": 1, "attendees": [name]}
        order = {"event_id": 1, "items": [item]}
        http.post("/orders/", json=order, headers=headers).raise_for_status()
    page.goto(f"{shop.url}/sign-in?next=/manage/events/1/door")
    page.get_by_label("User name or e-mail address").fill(ACCOUNT["username"])
    page.get_by_label("Password").fill(ACCOUNT["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    return headers


class TestDoor:
    def test_admits_undoes_and_counts(self, window: Page, shop: Server, runs_scripts: bool) -> None:
        admitted = window.locator("[data-count=admitted]").first
        with shop.client() as http:
            headers = buy_and_sign_in(window, shop, http)
            expect(window.get_by_text("No one came in yet.")).to_be_visible()
            expect(window.get_by_role("columnheader", name="Gate")).to_have_count(0)
            empty = window.context.new_page()
            empty.goto(window.url)
            window.get_by_label("Find a ticket").fill("ngozi")
            window.get_by_label("Your gate").fill("North")
            window.get_by_role("button", name="Search").click()
            window.get_by_role("button", name="Admit Ngozi Eze").click()
            expect(window.get_by_role("heading", name="Admitted")).to_be_visible()
            expect(admitted).to_have_text("1")
            if not runs_scripts:
                empty.reload()
            expect(empty.get_by_role("cell", name="North").first).to_be_visible()
            expect(empty.get_by_text("No one came in yet.")).to_be_hidden()

            tickets = http.get("/tickets/?limit=2", headers=headers).json()
            tundes, ngozis = (each["short_code"] for each in tickets)
            scan = {"code": tundes, "scan_id": "phone-1", "gate": "South"}
            http.post("/events/1/check-ins", json=scan, headers=headers).raise_for_status()
            if not runs_scripts:
                window.reload()
            expect(admitted).to_have_text("2")
            expect(window.get_by_role("cell", name="South").first).to_be_visible()

            window.get_by_role("button", name="Undo").first.click()
            expect(window.get_by_role("heading", name="Undone")).to_be_visible()
            expect(admitted).to_have_text("1")

            # A code is typed where none can be read.
            window.get_by_label("Find a ticket").fill(ngozis.lower())
            window.get_by_role("button", name="Search").click()
            window.get_by_role("button", name="Admit Ngozi Eze").click()
            expect(window.get_by_role("heading", name="Admitted")).to_be_visible()
            expect(admitted).to_have_text("2")
            assert_fits(window)

    def test_counts_on_when_the_shop_was_away(self, page: Page, shop: Server) -> None:
        page.clock.install()
        # As a proxy answers while the shop behind it restarts; browsers ask no more after that.
        page.route("**/manage/events/1/counts", lambda route: route.fulfill(status=503), times=1)
        with shop.client() as http:
            with page.expect_response("**/manage/events/1/counts") as refused:
                headers = buy_and_sign_in(page, shop, http)
            assert refused.value.status == 503
            with page.expect_request("**/manage/events/1/counts"):
                page.clock.run_for(LOOKS_AGAIN_MS)

            code = http.get("/tickets/", headers=headers).json()[0]["short_code"]
            scan = {"code": code, "scan_id": "phone-1"}
            http.post("/events/1/check-ins", json=scan, headers=headers).raise_for_status()

            expect(page.locator("[data-count=admitted]").first).to_have_text("1")

    def test_is_where_the_scanner_leads_without_scripts(
        self, window: Page, shop: Server, runs_scripts: bool
    ) -> None:
        window.goto(f"{shop.url}/scan")
        way = window.get_by_role("link", name="Check tickets by name or code")
        if runs_scripts:
            expect(window.get_by_role("button", name="Enrol this phone")).to_be_visible()
            expect(way).to_have_count(0)
            return

        way.click()

        window.wait_for_url(f"{shop.url}/sign-in?next=/manage/door")
