"""Sold out: a guest waits, is offered what another one refunds, and pays. Without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.guests.shops import MailedShop, on_sale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ADA, BOLA = "ada@example.com", "bola@example.com"
ORDER = re.compile(r"/o/[\w.-]+")
TICKET = re.compile(r"/t/[\w.-]+")
WAIT = re.compile(r"/w/[\w.-]+")
TYPES = [{"name": "Stalls", "ticket_price": 2500, "capacity": 1}]


class TestSoldOut:
    def test_leads_over_the_waiting_list_to_a_ticket(
        self, without_scripts: Page, mailed_shop: MailedShop
    ) -> None:
        window = without_scripts
        event_page = f"{mailed_shop.url}/e/{on_sale(mailed_shop.server, TYPES)}"

        # Ada gets the only ticket. The simulator's customers pay at once.
        window.goto(event_page)
        window.get_by_label("Name", exact=True).fill("Ada Obi")
        window.get_by_label("E-mail address").fill(ADA)
        window.get_by_role("button", name="Get tickets").click()
        adas_order = mailed_shop.link_for(ADA, ORDER)

        # Bola finds it sold out, and gets on the waiting list by a link in a mail.
        window.goto(event_page)
        expect(window.get_by_text("Sold out").first).to_be_visible()
        window.get_by_text("Wait for Stalls").click()
        window.get_by_label("Your name").fill("Bola Ade")
        window.get_by_label("Your e-mail address").fill(BOLA)
        window.get_by_role("button", name="Put me on the waiting list").click()
        window.goto(mailed_shop.link_for(BOLA, WAIT))
        window.get_by_role("button", name="Get on the waiting list").click()
        expect(window.get_by_text("Your place")).to_be_visible()

        # Ada refunds hers, so it is kept for Bola, who is told and pays.
        window.goto(adas_order)
        window.get_by_text("Refund ticket 1").click()
        window.get_by_role("button", name="Refund it").click()
        expect(window.get_by_text("Refund of ₦2,500")).to_be_visible()
        window.goto(mailed_shop.link_for(BOLA, ORDER))
        window.get_by_role("button", name="Pay").click()

        window.goto(mailed_shop.link_for(BOLA, TICKET))
        expect(window.get_by_role("img", name="QR code")).to_be_visible()
        window.goto(mailed_shop.link_for(BOLA, ORDER))
        expect(window.get_by_role("link", name="Show ticket 2")).to_be_visible()
