"""A ticket changes hands on two phones: the mail's link, the button, the new code."""

import email
import email.policy
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.buyers import begin_purchase, ticket_code
from tests.programs.servers import Server
from tests.steps.waiting import eventually
from tests.support.pictures import read_qr_code

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PHONE: ViewportSize = {"width": 390, "height": 844}
LINK = re.compile(r"/transfer\?token=\S+")


def link_in_mail(shop: Server) -> str | None:
    """Where the mail about the offer leads, once it is there."""
    for file in Path(shop.folder / "var" / "mail").glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = mail.get_body(("plain",))
        found = LINK.search(body.get_content()) if body else None
        if found:
            return found.group()
    return None


class TestTransfer:
    def test_gives_the_other_a_code_that_scans_and_ends_the_first(
        self, page: Page, shop: Server
    ) -> None:
        page.set_viewport_size(PHONE)
        purchase = begin_purchase(shop, email="ada@example.com")
        page.goto(purchase.pay_url)
        page.get_by_role("link", name="Back to the shop").click()
        page.get_by_role("link", name="Show ticket").click()
        expect(page.get_by_role("img")).to_be_visible()
        old_page, old_code = page.url, read_qr_code(page.screenshot())
        assert old_code == ticket_code(shop, purchase)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        with shop.client() as http:
            http.post(
                "/tickets/1/transfer", json={"email": "bola@x.example"}, headers=purchase.headers
            ).raise_for_status()

        page.goto(shop.url + str(eventually(lambda: link_in_mail(shop))))
        page.get_by_role("button", name="Take the ticket").click()
        expect(page.get_by_role("img")).to_be_visible()

        assert "/t/" in page.url
        assert page.url != old_page
        assert read_qr_code(page.screenshot()) != old_code
        page.goto(old_page)
        expect(page.get_by_role("heading")).to_contain_text("was transferred")
        expect(page.get_by_role("img")).to_have_count(0)
