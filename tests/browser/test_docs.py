from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.swagger_ui import SwaggerUi
from tests.browser.traffic import Traffic
from tests.programs.servers import Server
from tests.support.pictures import read_qr_code

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OTHERS = (
    *("users-show_me", "users-change_me", "users-log_in", "users-refresh_access_token"),
    *("events-list_events", "events-show_event", "events-change_event"),
    "events-change_promo_code",
    *("payments-show_payment", "tickets-list_tickets"),
    *("health-check_liveness", "health-check_readiness"),
)


def host_of(shop: Server) -> str:
    return urlsplit(shop.url).netloc


class TestSwaggerUi:
    def test_sells_a_ticket_by_pressing_execute_and_shows_its_qr_code(
        self, page: Page, shop: Server
    ) -> None:
        traffic = Traffic(page)
        docs = SwaggerUi(page)
        docs.open(shop.url)

        assert docs.status(docs.execute("users-register")) == "201"
        docs.authorize("testuser", "password123")
        assert docs.status(docs.execute("events-create_event")) == "201"
        assert docs.status(docs.execute("payments-buy_ticket")) == "200"
        assert docs.status(docs.execute("payments-verify_payment")) == "200"
        ticket = docs.execute("tickets-show_ticket")

        assert docs.status(ticket) == "200"
        picture = ticket.locator(".live-responses-table img")
        expect(picture).to_be_visible()
        assert read_qr_code(picture.screenshot()).startswith("TK1:")
        assert traffic.hosts == {host_of(shop)}
        assert traffic.errors == []

    def test_fills_in_what_the_other_operations_need(self, page: Page, shop: Server) -> None:
        docs = SwaggerUi(page)
        docs.open(shop.url)
        docs.execute("users-register")
        docs.authorize("testuser", "password123")
        docs.execute("events-create_event")
        docs.execute("payments-buy_ticket")
        docs.execute("payments-verify_payment")
        docs.execute("events-create_promo_code")

        statuses = {name: docs.status(docs.execute(name)) for name in OTHERS}

        assert statuses == dict.fromkeys(OTHERS, "200")

    def test_keeps_the_rest_of_an_example_when_it_fills_in_a_value(
        self, page: Page, shop: Server
    ) -> None:
        docs = SwaggerUi(page)
        docs.open(shop.url)
        docs.execute("users-register")
        docs.authorize("testuser", "password123")
        docs.execute("events-create_event")
        docs.execute("payments-buy_ticket")
        docs.execute("payments-verify_payment")
        docs.execute("tickets-list_tickets")

        scan = docs.execute("door-scan_ticket")

        assert docs.status(scan) == "200"


class TestAuthorize:
    @pytest.mark.parametrize("width", [390, 1366])
    def test_starts_in_the_user_name_and_logs_in_by_enter(
        self, page: Page, shop: Server, width: int
    ) -> None:
        page.set_viewport_size({"width": width, "height": 768})
        docs = SwaggerUi(page)
        docs.open(shop.url)
        docs.execute("users-register")

        page.locator(".auth-wrapper .btn.authorize").click()

        expect(page.locator("#oauth_username")).to_be_focused()
        expect(page.locator("#oauth_username")).to_be_in_viewport()
        expect(page.locator("#client_id_password")).to_be_hidden()
        expect(page.locator("#client_secret_password")).to_be_hidden()
        page.keyboard.type("testuser")
        page.keyboard.press("Tab")
        page.keyboard.type("password123")
        page.keyboard.press("Enter")
        expect(page.locator(".auth-container h6").first).to_have_text("Authorized")


class TestRedoc:
    def test_is_read_without_leaving_the_machine(self, page: Page, shop: Server) -> None:
        traffic = Traffic(page)

        page.goto(f"{shop.url}/redoc")

        expect(page.get_by_role("heading", name="Buy a ticket")).to_be_visible()
        assert traffic.hosts == {host_of(shop)}
        assert traffic.errors == []


class TestPolicy:
    @pytest.mark.parametrize("path", ["/docs", "/redoc"])
    def test_forbids_everything_from_elsewhere(self, page: Page, shop: Server, path: str) -> None:
        response = page.goto(shop.url + path)

        assert response is not None
        policy = response.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http:" not in policy
        assert "https:" not in policy
