"""What a person does on `/docs`."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

TO_A_TICKET: Final = (
    "events-create_event",
    "payments-buy_ticket",
    "payments-verify_payment",
)
"""What is executed, after logging in, until there is a ticket to show."""


@dataclass(frozen=True)
class SwaggerUi:
    """The page, by what one can see and press on it."""

    page: Page

    def open(self, shop_url: str) -> None:
        self.page.goto(f"{shop_url}/docs")
        expect(self.page.locator(".opblock").first).to_be_visible()

    def authorize(self, username: str, password: str) -> None:
        """Log in by the dialog behind **Authorize**."""
        self.page.locator(".auth-wrapper .btn.authorize").click()
        self.page.fill("#oauth_username", username)
        self.page.fill("#oauth_password", password)
        # Scanners have a form of their own in the same dialog.
        account = self.page.locator(".auth-container").filter(has_text="OAuth2PasswordBearer")
        account.locator(".auth-btn-wrapper .authorize").click()
        expect(account.locator("h6").first).to_have_text("Authorized")
        account.locator(".auth-btn-wrapper .btn-done").click()

    def operation(self, name: str) -> Locator:
        """The block of an operation, by its tag and name; both opened if they are not."""
        tag = self.page.locator(f'.opblock-tag[data-tag="{name.partition("-")[0]}"]')
        if tag.get_attribute("data-is-open") == "false":
            tag.click()
        block = self.page.locator(f"#operations-{name}")
        if "is-open" not in (block.get_attribute("class") or ""):
            block.locator(".opblock-summary-control").click()
        return block

    def execute(self, name: str) -> Locator:
        """Press **Execute** and nothing else; give the block with its answer."""
        block = self.operation(name)
        block.locator("button.execute").click()
        expect(block.locator(".live-responses-table .response")).to_be_visible()
        expect(block.locator(".loading-container")).to_have_count(0)
        return block

    def answered(self, name: str) -> str:
        """Press **Execute**; give the status, and close the operation.

        What is open is drawn again at every change, so that the page grows slower and slower.
        """
        block = self.execute(name)
        status = self.status(block)
        block.locator(".opblock-summary-control").click()
        return status

    @staticmethod
    def status(block: Locator) -> str:
        return block.locator(".live-responses-table .response-col_status").last.inner_text().strip()
