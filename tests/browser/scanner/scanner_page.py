"""What gate staff does on `/scan`."""

import re
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page, expect

from tests.browser.scanner.cameras import FilmedCamera

FORGETS_A_CODE_MS: Final = 3_200
"""After how long out of sight a code is scanned again, and a little more."""


@dataclass(frozen=True)
class ScannerPage:
    """The page, by what one can see and press on it."""

    page: Page

    def enrol(self, url: str) -> None:
        """Open an enrolment link; done when the phone has all it needs to work alone."""
        self.page.goto(url)
        self.expect_sync("Online · 0 to send · synced")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    def start(self) -> None:
        """Scan whatever the camera sees now."""
        self.page.get_by_role("button", name="Start scanning").click()

    def pause(self) -> None:
        self.page.get_by_role("button", name="Pause").click()

    def show(self, camera: FilmedCamera, ticket_png: bytes) -> None:
        """Hold another ticket in front of the camera: the next verdict is about it."""
        pause = self.page.get_by_role("button", name="Pause")
        if pause.is_visible():
            pause.click()
        camera.see(ticket_png)
        self.start()

    def sync(self) -> None:
        """Press the button, and wait until the phone has talked to the server."""
        details = self.page.locator("details")
        if details.get_attribute("open") is None:
            self.page.get_by_text("This phone", exact=True).click()
        with self.page.expect_response(re.compile("/revocations$")):
            self.page.get_by_role("button", name="Sync now").click()

    def direction(self, name: str) -> None:
        self.page.get_by_text(name, exact=True).click()

    def type_code(self, code: str) -> None:
        self.page.get_by_label("Short code").fill(code)
        self.page.get_by_role("button", name="Check").click()

    @property
    def verdict(self) -> Locator:
        return self.page.get_by_label("Verdict")

    def expect_verdict(self, word: str, *more: str) -> None:
        """The newest verdict; ``word`` is Accepted or Refused."""
        expect(self.verdict).to_have_attribute("data-verdict", word.lower())
        for words in (word, *more):
            expect(self.verdict).to_contain_text(words)

    def expect_sync(self, words: str) -> None:
        expect(self.page.locator("#sync")).to_have_text(re.compile(re.escape(words)))
