"""An organizer's whole evening in a browser: from signing up to the last mail to the guests."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.barriers import assert_fits
from tests.browser.chromium import LAPTOP, PATIENCE_MS, SMALL_PHONE
from tests.browser.guests.conftest import mailed_shop
from tests.browser.guests.shops import MailedShop
from tests.browser.scanner.cameras import FilmedCamera
from tests.browser.scanner.scanner_page import ScannerPage
from tests.steps.waiting import eventually
from tests.support.pictures import photo

__all__ = ["mailed_shop"]  # fixture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

BOLA, ADA, CHIDI = "bola@example.com", "ada@example.com", "chidi@example.com"
CONFIRMS = re.compile(r"/account/confirm\S*")
ORDER = re.compile(r"/o/[\w.-]+")
TICKET = re.compile(r"/t/[\w.-]+")
EXPORT = re.compile(r"/manage/events/1/exports/\d+")


@pytest.fixture(params=[SMALL_PHONE, LAPTOP], ids=["phone", "laptop"])
def desk(browser_with_camera: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The organizer's window."""
    page = browser_with_camera.new_context(viewport=request.param).new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


@pytest.fixture
def guest(browser_with_camera: Browser) -> Iterator[Page]:
    """The window of a guest who was never here."""
    page = browser_with_camera.new_context(viewport=SMALL_PHONE).new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


def sign_up(desk: Page, shop: MailedShop) -> None:
    desk.goto(shop.url)
    desk.get_by_role("link", name="Sell tickets").click()
    desk.get_by_role("link", name="Sign up").click()
    desk.get_by_label("User name").fill("bola")
    desk.get_by_label("E-mail address").fill(BOLA)
    desk.get_by_label("Password").fill("correct horse battery")
    desk.get_by_role("button", name="Sign up").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("My events")
    desk.goto(shop.link_for(BOLA, CONFIRMS))
    desk.get_by_role("button", name="Confirm").click()
    expect(desk.get_by_role("button", name="Confirm")).to_have_count(0)
    desk.goto(f"{shop.url}/manage")


def create_draft(desk: Page) -> None:
    desk.get_by_role("link", name="Create an event").click()
    desk.get_by_label("Title").fill("Lagos Jazz Night")
    desk.get_by_label("Date and time").fill("2030-06-01T19:00")
    desk.get_by_label("Place", exact=True).fill("Freedom Park, Lagos")
    desk.get_by_label("Price of a ticket").fill("2500")
    desk.get_by_label("How many tickets").fill("200")
    desk.get_by_label("Keep it as a draft").check()
    desk.get_by_role("button", name="Create it").click()
    desk.get_by_role("link", name="Add a picture").click()
    file = FilePayload(name="band.jpg", mimeType="image/jpeg", buffer=photo(1600, 900))
    desk.get_by_label("Picture").set_input_files(file)
    desk.get_by_label("What it shows").fill("A band on a stage")
    desk.get_by_role("button", name="Upload the picture").click()


def add_type_and_code(desk: Page) -> None:
    desk.get_by_role("link", name="Add a ticket type").click()
    desk.get_by_label("Name", exact=True).fill("VIP")
    desk.get_by_label("Price in NGN").fill("10000")
    desk.get_by_label("How many tickets").fill("20")
    desk.get_by_role("button", name="Add it").click()
    desk.get_by_role("link", name="Promo codes").click()
    desk.get_by_role("link", name="Create a promo code").click()
    desk.get_by_label("Code", exact=True).fill("EARLYBIRD")
    desk.get_by_label("How much").fill("20")
    desk.get_by_role("button", name="Create it").click()
    desk.get_by_role("link", name="Lagos Jazz Night").click()


def buy(guest: Page, shared_link: str) -> None:
    guest.goto(shared_link)
    guest.get_by_label("Name", exact=True).fill("Ada Obi")
    guest.get_by_label("E-mail address").fill(ADA)
    guest.get_by_label("How many of General admission").select_option("1")
    guest.get_by_label("Promo code").fill("earlybird")
    guest.get_by_role("button", name="Get tickets").click()


def go_home(desk: Page) -> None:
    """To the event's page in the console, from any other page of it."""
    desk.get_by_role("link", name="My events").first.click()
    desk.get_by_role("link", name="Lagos Jazz Night").click()


def give_away(desk: Page) -> None:
    desk.get_by_role("link", name="New order").click()
    desk.get_by_label("Complimentary").check()
    desk.get_by_label("General admission").fill("2")
    desk.get_by_label("Name", exact=True).fill("Chidi Eze")
    desk.get_by_label("E-mail address").fill(CHIDI)
    desk.get_by_label("Mail the tickets").check()
    desk.get_by_label("Note").fill("The band's family")
    desk.get_by_role("button", name="Issue the tickets").click()


def enrolment_link(desk: Page) -> str:
    """What the QR code on the page leads a phone to."""
    desk.get_by_role("link", name="Gate staff and scanners").click()
    desk.get_by_label("Name of the phone").fill("Phone 1")
    desk.get_by_label("Gate", exact=True).fill("North")
    desk.get_by_role("button", name="Show its QR code").click()
    expect(desk.get_by_role("img", name="Phone 1")).to_be_visible()
    expect(desk.get_by_text("opens on this computer only")).to_be_visible()
    link = desk.get_by_label("Open it on the phone").input_value()
    desk.get_by_role("link", name="Done").click()
    return link


def shown_code(guest: Page, ticket: str) -> bytes:
    """The QR code that a guest holds up, as the page of the ticket shows it."""
    guest.goto(ticket)
    code = guest.get_by_role("img", name="QR code")
    expect(code).to_be_visible()
    return code.screenshot()


def prepare_workbook(desk: Page, shop: MailedShop) -> bytes:
    """The attendees in a workbook that the background writes, and a mail leads to."""
    desk.get_by_role("link", name="Files for Excel and accounting").click()
    desk.get_by_label("File", exact=True).select_option("attendees")
    desk.get_by_role("button", name="Prepare export").click()
    desk.goto(shop.link_for(BOLA, EXPORT))
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Download it").click()
    return download.value.path().read_bytes()


def write_to_holders(desk: Page) -> None:
    desk.get_by_role("link", name="Message to holders").click()
    desk.get_by_label("Subject").fill("Doors open earlier")
    desk.get_by_label("Text").fill("Come at six, there is food.")
    desk.get_by_role("button", name="Look at it first").click()
    expect(desk.get_by_text("Come at six, there is food.").first).to_be_visible()
    desk.get_by_role("button", name="Send it to 2").click()


class TestEvening:
    def test_goes_from_signing_up_to_the_last_mail(
        self,
        desk: Page,
        guest: Page,
        phone: Page,
        camera: FilmedCamera,
        mailed_shop: MailedShop,
    ) -> None:
        shop = mailed_shop

        sign_up(desk, shop)
        create_draft(desk)
        add_type_and_code(desk)
        desk.get_by_role("button", name="Publish").click()
        expect(desk.get_by_text("no ticket is sold yet")).to_be_visible()
        shared_link = desk.get_by_label("Link", exact=True).input_value()
        assert_fits(desk)

        buy(guest, shared_link)
        adas_ticket = shop.link_for(ADA, TICKET)
        go_home(desk)
        give_away(desk)
        chidis_order = shop.link_for(CHIDI, ORDER)
        go_home(desk)
        expect(desk.locator("dl").first).to_contain_text("₦1,970.00")
        expect(desk.locator("dl").first).to_contain_text("217")
        assert_fits(desk)

        scanner = ScannerPage(phone)
        scanner.enrol(enrolment_link(desk))
        scanner.show(camera, shown_code(guest, adas_ticket))
        scanner.expect_verdict("Accepted", "Ada Obi", "General admission")
        go_home(desk)
        desk.get_by_role("link", name="Who came").click()
        expect(desk.get_by_role("row", name="North").first).to_contain_text("1")
        assert_fits(desk)

        go_home(desk)
        assert prepare_workbook(desk, shop).startswith(b"PK")
        go_home(desk)
        write_to_holders(desk)
        assert_fits(desk)
        told = eventually(lambda: shop.told("Doors open earlier", count=2))
        assert {ADA, CHIDI} == told
        guest.goto(chidis_order)
        expect(guest.get_by_role("link", name="Show ticket").first).to_be_visible()
