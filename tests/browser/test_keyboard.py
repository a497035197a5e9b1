"""A keyboard alone, in a narrow window and a wide one: a ticket is bought, an event created."""

import re
from collections.abc import Iterator
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.barriers import assert_fits
from tests.browser.checkout import PAYING_CARD
from tests.browser.chromium import LAPTOP, PATIENCE_MS, SMALL_PHONE
from tests.browser.guests.shops import on_sale
from tests.programs.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

BY_HAND: Final = "checkout+ada@example.com"
MOST_STOPS: Final = 60
TYPES: Final = [
    {"name": "Stalls", "ticket_price": 2500, "capacity": 50},
    {"name": "Balcony", "ticket_price": 1500, "capacity": 50},
]
IS_MARKED: Final = """() => {
    const focused = document.activeElement, style = getComputedStyle(focused);
    const hasPartsOfItsOwn = focused.type === "datetime-local";  // which the browser marks
    const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return hasPartsOfItsOwn || isOutlined;
}"""


@pytest.fixture(params=[SMALL_PHONE, LAPTOP], ids=["narrow", "wide"])
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window whose visitor has no mouse."""
    page = browser.new_context(viewport=request.param, locale="en-US").new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


def go_to(window: Page, target: Locator) -> None:
    """Press Tab until the focus is there; wherever it stops it can be seen."""
    expect(target).to_be_visible()
    for _ in range(MOST_STOPS):
        window.keyboard.press("Tab")
        assert window.evaluate(IS_MARKED), window.evaluate("document.activeElement.outerHTML")
        if target.evaluate("target => target === document.activeElement"):
            return
    pytest.fail(f"Tab does not lead to {target} on {window.url}")


def press(window: Page, role: Literal["button", "link"], name: str) -> None:
    """Go to a link or a button, and use it."""
    go_to(window, window.get_by_role(role, name=name, exact=True).first)
    window.keyboard.press("Enter")


def write(window: Page, label: str, text: str) -> None:
    go_to(window, window.get_by_label(label, exact=True))
    window.keyboard.type(text)


class TestKeyboard:
    def test_buys_a_ticket(self, window: Page, shop: Server) -> None:
        on_sale(shop, TYPES)
        window.goto(shop.url)

        press(window, "link", "Lagos Jazz Night")
        expect(window.get_by_role("heading", level=1)).to_have_text("Lagos Jazz Night")
        go_to(window, window.get_by_label("How many of Balcony"))
        window.keyboard.press("ArrowDown")
        window.keyboard.press("ArrowDown")
        write(window, "Name", "Ada Obi")
        go_to(window, window.get_by_label("E-mail address"))
        window.keyboard.type(BY_HAND)
        press(window, "button", "Get tickets")

        window.wait_for_url(re.compile("/checkout/"))
        write(window, "Card number", PAYING_CARD)
        write(window, "Expiry", "12/39")
        write(window, "CVV", "408")
        window.keyboard.press("Enter")
        expect(window.get_by_role("heading")).to_have_text("Thank you! Your payment arrived.")
        press(window, "link", "Show ticket 1")
        expect(window.get_by_role("img", name="QR code")).to_be_visible()
        assert_fits(window)

    def test_creates_and_publishes_an_event(self, window: Page, shop: Server) -> None:
        window.goto(shop.url)

        press(window, "link", "Sell tickets")
        press(window, "link", "Sign up")
        write(window, "User name", "bola")
        go_to(window, window.get_by_label("E-mail address"))
        window.keyboard.type("bola@example.com")
        write(window, "Password", "correct horse battery")
        press(window, "button", "Sign up")
        press(window, "link", "Create an event")
        write(window, "Title", "Lagos Jazz Night")
        write(window, "Date and time", "06012030")
        window.keyboard.press("Tab")
        window.keyboard.type("0700PM")
        write(window, "Place", "Freedom Park, Lagos")
        go_to(window, window.get_by_label("Price of a ticket"))
        window.keyboard.type("2500")
        go_to(window, window.get_by_label("Keep it as a draft"))
        window.keyboard.press("Space")
        press(window, "button", "Create it")
        expect(window.get_by_text("This is a draft.")).to_be_visible()
        press(window, "button", "Publish")

        expect(window.get_by_role("heading", level=1)).to_have_text("Lagos Jazz Night")
        expect(window.get_by_text("1 June 2030, 19:00").first).to_be_visible()
        assert_fits(window)
