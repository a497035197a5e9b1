"""What somebody at the gate does on `/scan`."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


@dataclass(frozen=True)
class ScannerPage:
    """The page, by what one can see and press on it."""

    page: Page

    def enrol(self, url: str) -> None:
        """Open an enrolment link; done when the phone has all it needs to work alone."""
        self.page.goto(url)
        self.expect_sync("Online · 0 to send · synced")
        self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    def scan(self) -> None:
        """Point the camera, which was paused, at whatever it sees now."""
        self.page.get_by_role("button", name="Start scanning").click()

    def pause(self) -> None:
        self.page.get_by_role("button", name="Pause").click()

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
