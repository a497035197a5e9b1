from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import new_page
from tests.browser.swagger_ui import TO_A_TICKET, SwaggerUi
from tests.browser.traffic import Traffic
from tests.programs.servers import Server, running_shop
from tests.support.pictures import read_qr_code

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

OTHERS = (
    *("users-show_me", "users-change_me", "users-log_in", "users-refresh_access_token"),
    *("events-list_events", "events-show_event", "events-change_event"),
    "events-change_promo_code",
    *("payments-show_payment", "tickets-list_tickets"),
    *("health-check_liveness", "health-check_readiness"),
)

READS_ANOTHER_PATH = """async () => {
    let isRead = false;
    const get = {responses: {200: {description: "Done"}}};
    const paths = {"/asked": {get}, get "/other"() { isRead = true; return {get}; }};
    const described = {openapi: "3.1.0", info: {title: "t", version: "1"}, paths};
    described.components = {securitySchemes: {}};
    const {spec} = await ui.fn.resolveSubtree(described, ["paths", "/asked", "get"]);
    if (spec.responses[200].description !== "Done") throw new Error("it is not resolved");
    return isRead;
}"""
"""Whether Swagger UI looks at another path, which takes seconds with all there are."""


def host_of(shop: Server) -> str:
    return urlsplit(shop.url).netloc


@dataclass(frozen=True)
class Sale:
    """A page on which a ticket was sold by pressing Execute, and what each step was answered."""

    page: Page
    docs: SwaggerUi
    traffic: Traffic
    shop: Server
    statuses: list[str]


@pytest.fixture(scope="module")
def sale(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sale]:
    """One for all tests that go on from there: to draw the page again takes seconds a step."""
    with running_shop(tmp_path_factory.mktemp("docs")) as shop:
        page = new_page(browser)
        traffic, docs = Traffic(page), SwaggerUi(page)
        docs.open(shop.url)
        registered = docs.answered("users-register")
        docs.authorize("testuser", "password123")
        sold = [docs.answered(name) for name in TO_A_TICKET]
        yield Sale(page, docs, traffic, shop, [registered, *sold])
        page.context.close()


class TestSwaggerUi:
    def test_sells_a_ticket_by_pressing_execute_and_shows_its_qr_code(self, sale: Sale) -> None:
        ticket = sale.docs.execute("tickets-show_ticket")

        assert sale.statuses == ["201", "201", "200", "200"]
        assert sale.docs.status(ticket) == "200"
        picture = ticket.locator(".live-responses-table img")
        expect(picture).to_be_visible()
        assert read_qr_code(picture.screenshot()).startswith("TK1:")
        assert sale.traffic.hosts == {host_of(sale.shop)}
        assert sale.traffic.errors == []

    def test_keeps_the_rest_of_an_example_when_it_fills_in_a_value(self, sale: Sale) -> None:
        sale.docs.answered("tickets-list_tickets")

        scan = sale.docs.execute("door-scan_ticket")

        assert sale.docs.status(scan) == "200"

    def test_shows_what_an_operation_refers_to(self, sale: Sale) -> None:
        block = sale.docs.operation("events-create_event")

        block.get_by_role("tab", name="Schema").first.click()

        fields = block.locator(".json-schema-2020-12").first
        fields.get_by_role("button", name="Expand all").first.click()
        types = fields.locator("article", has=sale.page.get_by_role("button", name="ticket_types"))
        types.get_by_role("button", name="Expand all").first.click()
        expect(types).to_contain_text("Tickets of this type at most")
        block.locator(".opblock-summary-control").click()
        assert sale.traffic.errors == []

    def test_reads_no_other_path_for_an_operation(self, sale: Sale) -> None:
        assert sale.page.evaluate(READS_ANOTHER_PATH) is False

    def test_fills_in_what_the_other_operations_need(self, sale: Sale) -> None:
        sale.docs.answered("events-create_promo_code")

        statuses = {name: sale.docs.answered(name) for name in OTHERS}

        assert statuses == dict.fromkeys(OTHERS, "200")


class TestAuthorize:
    @pytest.mark.parametrize("width", [390, 1366])
    def test_starts_in_the_user_name_and_logs_in_by_enter(
        self, page: Page, shop: Server, width: int
    ) -> None:
        page.set_viewport_size({"width": width, "height": 768})
        account = {"email": "a@example.com", "username": "testuser", "password": "password123"}
        with shop.client() as http:
            http.post("/users/", json=account).raise_for_status()
        SwaggerUi(page).open(shop.url)

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
