"""The database goes away while a guest fills in the form, and comes back. Without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.guests.conftest import Hosts
from tests.browser.guests.shops import on_sale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TYPES = [{"name": "Stalls", "ticket_price": 2500, "capacity": 5}]


class TestDatabaseAway:
    def test_costs_a_guest_nothing_of_what_was_filled_in(
        self, without_scripts: Page, hosts: Hosts
    ) -> None:
        without_scripts.goto(f"{hosts.shop.url}/e/{on_sale(hosts.shop, TYPES)}")
        without_scripts.get_by_label("Name", exact=True).fill("Ada Obi")
        without_scripts.get_by_label("E-mail address").fill("ada@example.com")

        hosts.database.stop()
        without_scripts.get_by_role("button", name="Get tickets").click()

        expect(without_scripts.get_by_text("Please wait")).to_be_visible()
        expect(without_scripts.get_by_text("what you filled in is still there")).to_be_visible()

        hosts.database.start()
        without_scripts.go_back()
        expect(without_scripts.get_by_label("Name", exact=True)).to_have_value("Ada Obi")
        without_scripts.get_by_role("button", name="Get tickets").click()
        expect(without_scripts.get_by_role("heading", level=1)).to_have_text(
            re.compile("Thank you|Your payment")
        )

    def test_is_a_page_that_looks_again(self, without_scripts: Page, hosts: Hosts) -> None:
        event_page = f"{hosts.shop.url}/e/{on_sale(hosts.shop, TYPES)}"

        hosts.database.stop()
        without_scripts.goto(event_page)
        expect(without_scripts.get_by_role("link", name="Try again")).to_be_visible()

        hosts.database.start()
        expect(without_scripts.get_by_role("heading", level=1)).to_have_text("Lagos Jazz Night")
