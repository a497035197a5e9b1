"""Take the pictures of the documentation: ``python -m tests.browser.screenshots``."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.clients.pictures.ticket_pdf import PdfTickets
from tests.browser.buyers import begin_purchase
from tests.browser.checkout import PAYING_CARD, Checkout
from tests.browser.chromium import NAMES, find_chromium, new_page, new_phone, running_browser
from tests.browser.organizers.shop_pictures import take_shop
from tests.browser.scanner.cameras import FilmedCamera
from tests.browser.scanner.gates import prepare_gate
from tests.browser.scanner.scanner_page import FORGETS_A_CODE_MS, ScannerPage
from tests.browser.swagger_ui import TO_A_TICKET, SwaggerUi
from tests.programs.servers import ROOT, Server, running_shop
from tests.support.codes import some_code
from tests.support.prints import make_print, pdf_pixels

IMAGES: Final = ROOT / "docs" / "images"
TERMS: Final = """Doors open at 18:00. Bring an identity card; children come in with an adult.
Ẹ jọ̀wọ́, ẹ má ṣe mú oúnjẹ wọlé. Pas de bouteilles en verre, s'il vous plaît.
Tickets can be refunded until 48 hours before the start, at ₦500 a ticket."""
ANIMATION_MS: Final = 500
COLOURS: Final = 128
"""As many as a picture of the documentation has: a file is a third as large then."""


def swagger_ticket(page: Page, shop: Server, file: Path) -> None:
    """Swagger UI with a ticket's QR code in the answer."""
    docs = SwaggerUi(page)
    docs.open(shop.url)
    docs.execute("users-register")
    docs.authorize("testuser", "password123")
    for name in TO_A_TICKET:
        docs.execute(name)
    ticket = docs.execute("tickets-show_ticket")
    expect(ticket.locator(".live-responses-table img")).to_be_visible()
    page.set_viewport_size({"width": 1100, "height": 1300})
    page.evaluate("window.scrollTo(0, 0)")
    ticket.evaluate("block => window.scrollBy(0, block.getBoundingClientRect().top - 16)")
    page.screenshot(path=file)


def checkout(page: Page, shop: Server, file: Path) -> None:
    """The simulator's payment page, filled in."""
    page.set_viewport_size({"width": 700, "height": 900})
    page.goto(begin_purchase(shop, email="checkout@example.com").pay_url)
    Checkout(page).fill(PAYING_CARD, cvv="408")
    page.screenshot(path=file)


def ticket_page(page: Page, shop: Server, file: Path) -> None:
    """The ticket on a phone, as the link in the mail shows it."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(begin_purchase(shop, email="ada@example.com").pay_url)
    page.get_by_role("link", name="Back to the shop").click()
    page.get_by_role("link", name="Show ticket").click()
    expect(page.get_by_role("img")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390, f"the page is {width} pixels wide and has to be pushed about"
    page.screenshot(path=file)


def ticket_pdf(page: Page, shop: Server, file: Path) -> None:
    """The ticket for printing; of its page what is not empty."""
    paper = pdf_pixels(PdfTickets().pdf(make_print(terms=TERMS), code=some_code()))
    paper.crop((0, 0, paper.width, paper.height * 2 // 3)).save(file, optimize=True)


PICTURES: Final[dict[str, Callable[[Page, Server, Path], None]]] = {
    "swagger-ticket.png": swagger_ticket,
    "checkout.png": checkout,
    "ticket-page.png": ticket_page,
    "ticket-pdf.png": ticket_pdf,
}


def take(browser: Browser, folder: Path) -> None:
    """Write all pictures to the folder, each of a fresh shop."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        with tempfile.TemporaryDirectory() as directory, running_shop(Path(directory)) as shop:
            page = new_page(browser)
            picture(page, shop, folder / name)
            page.context.close()


def take_scanner(phone: Page, camera: FilmedCamera, shop: Server, folder: Path) -> None:
    """The scanner that admits a ticket, and the same ticket again."""
    gate = prepare_gate(shop)
    [ticket] = gate.buy("Adaeze Okonkwo")
    scanner = ScannerPage(phone)
    scanner.enrol(gate.enrolment_url())
    scanner.show(camera, ticket.png)
    scanner.expect_verdict("Accepted")
    phone.wait_for_timeout(ANIMATION_MS)
    phone.screenshot(path=folder / "scanner-accepted.png")
    scanner.pause()
    phone.wait_for_timeout(FORGETS_A_CODE_MS)
    scanner.start()
    scanner.expect_verdict("Refused")
    phone.wait_for_timeout(ANIMATION_MS)
    phone.screenshot(path=folder / "scanner-refused.png")
    phone.context.close()


def shrink(folder: Path) -> None:
    """Leave all pictures of the folder fewer colours."""
    for file in sorted(folder.glob("*.png")):
        with Image.open(file) as picture:
            if picture.mode != "P":
                picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        sys.exit(f"No browser is installed: none of {', '.join(NAMES)}.")
    with running_browser(chromium) as browser:
        take(browser, IMAGES)
        with tempfile.TemporaryDirectory() as directory, running_shop(Path(directory)) as shop:
            take_shop(browser, shop, IMAGES)
    with tempfile.TemporaryDirectory() as directory, running_shop(Path(directory)) as shop:
        camera = FilmedCamera(Path(directory) / "scene.y4m")
        camera.see_nothing()
        with running_browser(chromium, camera.arguments) as browser:
            take_scanner(new_phone(browser), camera, shop, IMAGES)
    shrink(IMAGES)


if __name__ == "__main__":
    main()
