"""An event is handed over in Chromium: without scripts, and without barriers in either theme."""

import re
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import assert_open_to_all
from tests.browser.guests.conftest import mailed_shop
from tests.browser.guests.shops import MailedShop
from tests.browser.test_console import create_event, sign_up

__all__ = ["mailed_shop"]  # fixture

CONFIRMS: Final = re.compile(r"/account/confirm\S*")
FORM: Final = "/manage/events/1/handover"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def found_two_organizations(page: Page, shop: MailedShop) -> None:
    """Sign up as bola, create an event of her own, confirm the address and start a team."""
    sign_up(page, shop.server)
    create_event(page)
    page.goto(shop.link_for("bola@example.com", CONFIRMS))
    page.get_by_role("button", name="Confirm").click()
    page.goto(f"{shop.url}/manage/teams")
    page.get_by_label("Name").fill("Jazz Collective")
    page.get_by_role("button", name="Start it").click()


def test_an_event_is_handed_over(browser: Browser, mailed_shop: MailedShop) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    found_two_organizations(page, mailed_shop)
    page.goto(f"{mailed_shop.url}/manage/events/1")
    page.get_by_role("link", name="Hand over").click()
    looking = browser.new_context(storage_state=page.context.storage_state()).new_page()
    assert_open_to_all(looking, mailed_shop.url + FORM)
    looking.context.close()

    page.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_label("To whom")).to_be_focused()
    page.get_by_label("To whom").select_option("Jazz Collective (you can hand it back from there)")
    page.get_by_role("button", name="Hand it over").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Lagos Jazz Night")
    page.goto(f"{mailed_shop.url}/manage")
    expect(page.get_by_role("row").filter(has_text="Lagos Jazz Night")).to_contain_text(
        "Jazz Collective"
    )
    page.context.close()
