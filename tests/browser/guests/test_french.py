"""A guest who reads French buys with a browser that runs no script: on a phone, in French."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers_on
from tests.browser.checkout import PAYING_CARD, Checkout
from tests.browser.chromium import LAPTOP, PATIENCE_MS, SMALL_PHONE
from tests.browser.guests.shops import ORGANIZER, MailedShop, on_sale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

BY_HAND: Final = "checkout+awa@example.com"
ORDER: Final = re.compile(r"/o/[\w.-]+")
TICKET: Final = re.compile(r"/t/[\w-]+")
TYPES: Final = [
    {"name": "Orchestre", "ticket_price": 2500, "capacity": 50},
    {"name": "Balcon", "ticket_price": 1500, "capacity": 1},
]
ENGLISH: Final = re.compile(r"\b(the|your|tickets|and|with|for|is|are|who|until|please)\b", re.I)
"""Words that stand on English pages only; what organizers wrote here has none of them."""

SCREENSHOTS: Final = os.environ.get("FRENCH_SCREENSHOTS")
"""A folder to look at the pages in."""


@pytest.fixture
def french_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_context(viewport=SMALL_PHONE, locale="fr-CI").new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


def looked_at(page: Page, name: str) -> None:
    """Assert that the page is in French, fits a phone and a laptop, and has no barrier."""
    assert page.locator("html").get_attribute("lang") == "fr", name
    words = page.locator("body").inner_text().replace("Lagos Jazz Night", "")
    found = ENGLISH.search(words)
    assert found is None, f"{name}: {words[max(0, found.start() - 60) : found.end() + 60]}"
    for width in (SMALL_PHONE["width"], LAPTOP["width"]):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == width, name
        assert barriers_on(page) == [], name
        if SCREENSHOTS:
            page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(SMALL_PHONE)


class TestFrench:
    def test_is_what_a_guest_reads_from_the_front_to_the_ticket(
        self, french_page: Page, page: Page, mailed_shop: MailedShop
    ) -> None:
        event_id = on_sale(mailed_shop.server, TYPES)

        french_page.goto(mailed_shop.url)
        looked_at(french_page, "front")
        french_page.goto(f"{mailed_shop.url}/e/{event_id}")
        looked_at(french_page, "event")
        french_page.get_by_role("button", name="Obtenir des billets").click()
        french_page.get_by_label("Nombre de billets Orchestre").select_option("2")
        french_page.get_by_label("Nombre de billets Balcon").select_option("1")
        french_page.get_by_label("Nom", exact=True).fill("Awa Koné")
        french_page.get_by_label("Adresse e-mail").fill(BY_HAND)
        french_page.get_by_label("Code promo").fill("NON")
        french_page.get_by_role("button", name="Obtenir des billets").click()
        expect(french_page.get_by_text("L’événement n’a pas ce code promo")).to_be_visible()  # noqa: RUF001  (French)
        looked_at(french_page, "refused")
        french_page.get_by_label("Code promo").fill("")
        french_page.get_by_role("button", name="Obtenir des billets").click()
        french_page.wait_for_url(re.compile("/checkout/"))
        Checkout(french_page, price="NGN 6,500.00").pay(PAYING_CARD, cvv="408")
        expect(french_page.get_by_role("heading")).to_have_text(
            "Merci ! Votre paiement est arrivé."
        )
        looked_at(french_page, "paid")

        french_page.goto(mailed_shop.link_for(BY_HAND, ORDER))
        expect(french_page.get_by_text("Cette commande est payée.")).to_be_visible()
        for details in french_page.locator("summary").all():
            details.click()
        looked_at(french_page, "order")
        french_page.goto(mailed_shop.link_for(BY_HAND, TICKET))
        expect(french_page.get_by_text("Présentez ce code")).to_be_visible()
        looked_at(french_page, "ticket")
        french_page.goto(f"{mailed_shop.url}/e/{event_id}")
        french_page.get_by_text("Attendre").click()
        looked_at(french_page, "sold-out")

        french_page.get_by_role("link", name="English").click()
        expect(french_page.get_by_role("link", name="Français")).to_be_visible()
        french_page.goto(mailed_shop.url)
        assert french_page.locator("html").get_attribute("lang") == "en"

    def test_is_on_the_pages_of_accounts(self, french_page: Page, mailed_shop: MailedShop) -> None:
        for path in (
            "/sign-in",
            "/sign-up",
            "/account/forgotten",
            "/nowhere",
            "/o/none",
            "/t/none",
        ):
            french_page.goto(mailed_shop.url + path)
            looked_at(french_page, path.strip("/").replace("/", "-"))

    def test_is_on_the_pages_of_the_console(
        self, french_page: Page, mailed_shop: MailedShop
    ) -> None:
        event = f"/manage/events/{on_sale(mailed_shop.server, TYPES)}"
        french_page.goto(f"{mailed_shop.url}/sign-in")
        french_page.get_by_label("Nom d’utilisateur").fill(ORGANIZER["username"])  # noqa: RUF001  (French)
        french_page.get_by_label("Mot de passe", exact=True).fill(ORGANIZER["password"])
        french_page.get_by_role("button", name="Se connecter").click()
        french_page.wait_for_url(re.compile("/manage"))

        paths = ("/manage", "/manage/events/new", "/manage/teams", "/account/sessions", event)
        of_event = (
            "edit",
            "cancel",
            "ticket-types",
            "promo-codes/new",
            "gates",
            "report",
            "attendance",
        )
        for path in (*paths, *(f"{event}/{each}" for each in of_event)):
            french_page.goto(mailed_shop.url + path)
            looked_at(french_page, path.strip("/").replace("/", "-"))
