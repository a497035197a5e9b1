import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.buyers import begin_purchase, ticket_code
from tests.browser.checkout import DECLINED_CARD, PAYING_CARD, Checkout
from tests.programs.servers import Server
from tests.support.pictures import read_qr_code

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# The simulator leaves this buyer's payments to its page.
BY_HAND = "checkout+ada@example.com"


class TestCheckout:
    def test_leads_to_the_ticket_after_a_declined_card_and_a_good_one(
        self, page: Page, shop: Server
    ) -> None:
        purchase = begin_purchase(shop, email=BY_HAND)
        checkout = Checkout(page)

        page.goto(purchase.pay_url)
        checkout.pay(DECLINED_CARD, cvv="001")
        expect(page.get_by_role("alert")).to_have_text("Declined")
        checkout.pay(PAYING_CARD, cvv="408")
        expect(page).to_have_url(re.compile(rf"^{shop.url}/payments/callback\?.*reference="))
        expect(page.get_by_role("heading")).to_have_text("Thank you! Your payment arrived.")
        page.get_by_role("link", name="Show ticket").click()

        expect(page.get_by_role("heading")).to_have_text("Lagos Jazz Night")
        assert read_qr_code(page.screenshot()) == ticket_code(shop, purchase)

    def test_leads_back_when_the_buyer_cancels(self, page: Page, shop: Server) -> None:
        purchase = begin_purchase(shop, email=BY_HAND)

        page.goto(purchase.pay_url)
        Checkout(page).cancel()

        expect(page).to_have_url(re.compile(rf"^{shop.url}/payments/callback\?cancelled=true"))
        expect(page.get_by_role("heading")).to_have_text("You left the payment.")
        with shop.client() as http:
            assert http.get("/tickets/", headers=purchase.headers).json() == []

    def test_says_so_when_the_simulated_customer_has_paid_already(
        self, page: Page, shop: Server
    ) -> None:
        purchase = begin_purchase(shop, email="ada@example.com")

        page.goto(purchase.pay_url)
        expect(page.get_by_role("heading")).to_have_text("Payment successful")
        page.get_by_role("link", name="Back to the shop").click()

        expect(page.get_by_role("heading")).to_have_text("Thank you! Your payment arrived.")
        expect(page.get_by_role("link", name="Show ticket")).to_be_visible()
