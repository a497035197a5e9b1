"""Pictures of the shop's own pages, full of sample events."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect

from tests.browser.chromium import PATIENCE_MS
from tests.programs.servers import Server

LAPTOP: Final[ViewportSize] = {"width": 1280, "height": 860}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
SAMPLES_MS: Final = 900_000
"""How long the samples may take on a busy machine."""

JAZZ: Final = "Lagos Jazz Night"


def front(page: Page, shop: Server) -> None:
    page.goto(shop.url)


def event(page: Page, shop: Server) -> None:
    """The page to share, of an event that is on sale."""
    page.goto(shop.url)
    page.get_by_role("link", name="Street Food Fair").click()


def order(page: Page, shop: Server) -> None:
    """What a guest has who has just bought; the simulated customer pays at once."""
    event(page, shop)
    page.get_by_label("How many of Day pass").select_option("2")
    page.get_by_label("Name", exact=True).fill("Ada Obi")
    page.get_by_label("E-mail address").first.fill("ada@example.com")
    page.get_by_role("button", name="Get tickets").click()
    page.get_by_role("link", name="Back to the shop").click()
    page.get_by_role("link", name="Your order").click()


def console(page: Page, shop: Server) -> None:
    """How an event sells."""
    page.goto(f"{shop.url}/manage")
    page.get_by_role("link", name=JAZZ).click()


def report(page: Page, shop: Server) -> None:
    """Weeks of sales, drawn."""
    console(page, shop)
    page.goto(f"{page.url}/report")
    expect(page.locator("figure.plot canvas").first).to_be_visible()


def door(page: Page, shop: Server) -> None:
    """Where gate staff find a guest by name."""
    console(page, shop)
    page.get_by_role("link", name="Check tickets by name or code").click()
    page.get_by_label("Find a ticket").fill("adeyemi")
    page.get_by_role("button", name="Search").click()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page, and the window it is taken in."""

    open: Callable[[Page, Server], None]
    window: ViewportSize
    is_organizers: bool = False
    is_dark: bool = False


PICTURES: Final[dict[str, Picture]] = {
    "front.png": Picture(front, LAPTOP),
    "event-page.png": Picture(event, PHONE),
    "order.png": Picture(order, PHONE),
    "console.png": Picture(console, LAPTOP, is_organizers=True),
    "report.png": Picture(report, LAPTOP, is_organizers=True, is_dark=True),
    "door.png": Picture(door, PHONE, is_organizers=True),
}


def take_shop(browser: Browser, shop: Server, folder: Path) -> None:
    """All pictures, of one shop with samples."""
    cookies = make_samples(browser, shop)
    for name, picture in PICTURES.items():
        context = browser.new_context(
            viewport=picture.window,
            color_scheme="dark" if picture.is_dark else "light",
            storage_state=cookies if picture.is_organizers else None,
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        picture.open(page, shop)
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        page.screenshot(path=folder / name, animations="disabled")
        context.close()


def make_samples(browser: Browser, shop: Server) -> StorageState:
    """Sign up, and fill the console by its button; the cookies of who did it."""
    context = browser.new_context(viewport=LAPTOP)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{shop.url}/sign-up?next=/manage")
    page.get_by_label("User name").fill("lagos-nights")
    page.get_by_label("E-mail address").fill("tickets@lagosnights.example")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("button", name="Make three sample events").click()
    expect(page.get_by_role("heading", name="My events")).to_be_visible(timeout=SAMPLES_MS)
    cookies = context.storage_state()
    context.close()
    return cookies
