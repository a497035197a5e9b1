"""A guest buys, pays, hands a ticket on and gives one back: a browser alone, without JavaScript."""

import email
import email.policy
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.checkout import DECLINED_CARD, PAYING_CARD, Checkout
from tests.browser.chromium import PATIENCE_MS
from tests.programs.servers import Server
from tests.steps.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# The simulator leaves this buyer's payments to its page.
BY_HAND = "checkout+ada@example.com"
SMALL_PHONE: ViewportSize = {"width": 360, "height": 740}
ORDER = re.compile(r"/o/[\w.-]+")
TRANSFER = re.compile(r"/transfer\?token=\S+")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A small phone whose browser runs no scripts of the shop."""
    page = browser.new_context(viewport=SMALL_PHONE, java_script_enabled=False).new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


def festival(shop: Server) -> int:
    """An event with two types of tickets, of which one needs no more than half with a code."""
    organizer = {"email": "org@example.com", "username": "org", "password": "password123"}
    with shop.client() as http:
        _made(http.post("/users/", json=organizer))
        login = http.post("/token", data={"username": "org", "password": "password123"}).json()
        headers = {"Authorization": f"Bearer {login['access_token']}"}
        event = {
            "title": "Lagos Jazz Night",
            "date": "2040-06-01T19:00:00",
            "location": "Freedom Park, Lagos",
            "ticket_price": 2500,
            "refund_hours": 24,
            "ticket_types": [
                {"name": "Stalls", "ticket_price": 2500, "capacity": 50},
                {"name": "Balcony", "ticket_price": 1500, "capacity": 50},
            ],
        }
        event_id = _made(http.post("/events/", json=event, headers=headers))
        code = {"code": "HALF", "kind": "percent", "value": 50}
        _made(http.post(f"/events/{event_id}/promo-codes", json=code, headers=headers))
    return event_id


def link_in_mail(shop: Server, pattern: re.Pattern[str]) -> str | None:
    """Where a mail leads to, once it is there."""
    for file in Path(shop.folder / "var" / "mail").glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        if body and (found := pattern.search(body.get_content())):
            return found.group()
    return None


class TestGuest:
    def test_needs_no_account_and_no_script(
        self, plain_page: Page, page: Page, shop: Server
    ) -> None:
        event_id = festival(shop)

        # Two types and a code; the first card is declined.
        plain_page.goto(f"{shop.url}/e/{event_id}")
        plain_page.get_by_label("How many of Stalls").select_option("2")
        plain_page.get_by_label("How many of Balcony").select_option("1")
        plain_page.get_by_label("Name", exact=True).fill("Ada Obi")
        plain_page.get_by_label("E-mail address").fill(BY_HAND)
        plain_page.get_by_label("Promo code").fill("HALF")
        assert plain_page.evaluate("document.documentElement.scrollWidth") == SMALL_PHONE["width"]
        plain_page.get_by_role("button", name="Get tickets").click()
        plain_page.wait_for_url(re.compile("/checkout/"))
        # Paystack's own page may need scripts: another browser pays there.
        page.goto(plain_page.url)
        checkout = Checkout(page, price="NGN 3,250.00")
        checkout.pay(DECLINED_CARD, cvv="001")
        expect(page.get_by_role("alert")).to_have_text("Declined")
        checkout.pay(PAYING_CARD, cvv="408")
        expect(page.get_by_role("heading")).to_have_text("Thank you! Your payment arrived.")

        # The mail brings the order's page, with all three tickets.
        plain_page.goto(shop.url + str(eventually(lambda: link_in_mail(shop, ORDER))))
        expect(plain_page.get_by_text("This order is paid.")).to_be_visible()
        expect(plain_page.get_by_role("link", name="Show ticket")).to_have_count(3)

        # One is transferred, and taken.
        plain_page.get_by_text("Hand ticket 1 on").click()
        plain_page.get_by_label("E-mail address of who gets it").first.fill("bola@example.com")
        plain_page.get_by_role("button", name="Offer the ticket").first.click()
        expect(plain_page.get_by_text("Offered to bola@example.com")).to_be_visible()
        order_page = plain_page.url
        plain_page.goto(shop.url + str(eventually(lambda: link_in_mail(shop, TRANSFER))))
        plain_page.get_by_role("button", name="Take the ticket").click()
        expect(plain_page.get_by_role("img", name="QR code")).to_be_visible()

        # One is refunded.
        plain_page.goto(order_page)
        expect(plain_page.get_by_role("link", name="Show ticket")).to_have_count(2)
        plain_page.get_by_text("Give ticket 3 back").click()
        plain_page.get_by_role("button", name="Refund it").last.click()
        expect(plain_page.get_by_text("Refund of ₦")).to_be_visible()
        expect(plain_page.get_by_role("link", name="Show ticket")).to_have_count(1)
        assert plain_page.evaluate("document.documentElement.scrollWidth") == SMALL_PHONE["width"]


def _made(answer: httpx.Response) -> int:
    made: int = answer.raise_for_status().json()["id"]
    return made
