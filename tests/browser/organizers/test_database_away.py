"""The database goes away while an organizer fills in a form, and comes back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barriers import assert_fits
from tests.browser.guests.conftest import Hosts, hosts
from tests.browser.test_console import sign_up

__all__ = ["hosts"]  # fixture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


class TestDatabaseAway:
    def test_costs_an_organizer_nothing_of_what_was_filled_in(
        self, without_scripts: Page, hosts: Hosts
    ) -> None:
        page = without_scripts
        sign_up(page, hosts.shop)
        page.get_by_role("link", name="Create an event").click()
        page.get_by_label("Title").fill("Lagos Jazz Night")
        page.get_by_label("Date and time").fill("2030-06-01T19:00")
        page.get_by_label("Place", exact=True).fill("Freedom Park, Lagos")
        page.get_by_label("Price of a ticket").fill("2500")
        page.get_by_label("Description").fill("Three bands.")

        hosts.database.stop()
        page.get_by_role("button", name="Create it").click()

        expect(page.get_by_text("Please wait")).to_be_visible()
        expect(page.get_by_text("what you filled in is still there")).to_be_visible()
        assert_fits(page)

        hosts.database.start()
        page.go_back()
        expect(page.get_by_label("Title")).to_have_value("Lagos Jazz Night")
        expect(page.get_by_label("Description")).to_have_value("Three bands.")
        page.get_by_role("button", name="Create it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lagos Jazz Night")

    def test_is_a_page_of_the_console_that_looks_again(
        self, without_scripts: Page, hosts: Hosts
    ) -> None:
        page = without_scripts
        sign_up(page, hosts.shop)

        hosts.database.stop()
        answer = page.goto(f"{hosts.shop.url}/manage")
        assert answer is not None
        assert answer.status == 503
        expect(page.get_by_role("link", name="Try again")).to_be_visible()

        hosts.database.start()
        expect(page.get_by_role("heading", level=1)).to_have_text("My events")
