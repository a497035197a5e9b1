"""What a buyer does on the provider's payment page."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

PAYING_CARD: Final = "4084 0840 8408 4081"
DECLINED_CARD: Final = "4084 0800 0000 5408"


@dataclass(frozen=True)
class Checkout:
    """The page, by what one can see and press on it."""

    page: Page
    price: str = "NGN 2,500.00"

    def pay(self, card: str, *, cvv: str) -> None:
        self.fill(card, cvv=cvv)
        self.page.get_by_role("button", name=f"Pay {self.price}").click()

    def fill(self, card: str, *, cvv: str) -> None:
        self.page.get_by_label("Card number").fill(card)
        self.page.get_by_label("Expiry").fill("12/39")
        self.page.get_by_label("CVV").fill(cvv)

    def cancel(self) -> None:
        self.page.get_by_role("button", name="Cancel payment").click()
