"""A guest buys, pays, transfers a ticket and refunds one: a browser alone, without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import assert_fits
from tests.browser.checkout import DECLINED_CARD, PAYING_CARD, Checkout
from tests.browser.guests.shops import MailedShop, on_sale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# The simulator leaves this buyer's payments to its page.
BY_HAND = "checkout+ada@example.com"
ORDER = re.compile(r"/o/[\w.-]+")
TRANSFER = re.compile(r"/transfer\?token=\S+")
TYPES = [
    {"name": "Stalls", "ticket_price": 2500, "capacity": 50},
    {"name": "Balcony", "ticket_price": 1500, "capacity": 50},
]


class TestGuest:
    def test_needs_no_account_and_no_script(
        self, without_scripts: Page, page: Page, mailed_shop: MailedShop
    ) -> None:
        window = without_scripts
        event_id = on_sale(mailed_shop.server, TYPES, promo_code="HALF")

        # Two types and a code; the first card is declined.
        window.goto(f"{mailed_shop.url}/e/{event_id}")
        window.get_by_label("How many of Stalls").select_option("2")
        window.get_by_label("How many of Balcony").select_option("1")
        window.get_by_label("Name", exact=True).fill("Ada Obi")
        window.get_by_label("E-mail address").fill(BY_HAND)
        window.get_by_label("Promo code").fill("HALF")
        assert_fits(window)
        window.get_by_role("button", name="Get tickets").click()
        window.wait_for_url(re.compile("/checkout/"))
        # Paystack's own page may need scripts: another browser pays there.
        page.goto(window.url)
        checkout = Checkout(page, price="NGN 3,250.00")
        checkout.pay(DECLINED_CARD, cvv="001")
        expect(page.get_by_role("alert")).to_have_text("Declined")
        checkout.pay(PAYING_CARD, cvv="408")
        expect(page.get_by_role("heading")).to_have_text("Thank you! Your payment arrived.")

        # The mail brings the order's page, with all three tickets.
        window.goto(mailed_shop.link_for(BY_HAND, ORDER))
        expect(window.get_by_text("This order is paid.")).to_be_visible()
        expect(window.get_by_role("link", name="Show ticket")).to_have_count(3)

        # One is transferred, and accepted.
        window.get_by_text("Transfer ticket 1").click()
        window.get_by_label("E-mail address of who gets it").first.fill("bola@example.com")
        window.get_by_role("button", name="Offer the ticket").first.click()
        expect(window.get_by_text("Offered to bola@example.com")).to_be_visible()
        order_page = window.url
        window.goto(mailed_shop.link_for("bola@example.com", TRANSFER))
        window.get_by_role("button", name="Take the ticket").click()
        expect(window.get_by_role("img", name="QR code")).to_be_visible()

        # One is refunded.
        window.goto(order_page)
        expect(window.get_by_role("link", name="Show ticket")).to_have_count(2)
        window.get_by_text("Refund ticket 3").click()
        window.get_by_role("button", name="Refund it").last.click()
        expect(window.get_by_text("Refund of ₦")).to_be_visible()
        expect(window.get_by_role("link", name="Show ticket")).to_have_count(1)
        assert_fits(window)
