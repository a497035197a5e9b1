"""A guest's phone, and a shop that sends its mail to a mail server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import PATIENCE_MS
from tests.browser.guests.shops import SMALL_PHONE, MailedShop
from tests.clients.mail.mail_servers import Mailbox, serving
from tests.programs.servers import running_shop


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """A small phone whose browser runs no scripts of the shop."""
    page = browser.new_context(viewport=SMALL_PHONE, java_script_enabled=False).new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


@pytest.fixture
def mailed_shop(tmp_path: Path) -> Iterator[MailedShop]:
    """A fresh shop, and the mail server that takes its mail over SMTP."""
    box = Mailbox()
    with serving(box) as port:
        settings = {"UNCONFIRMED_PLACES": "20", "SMTP_URL": f"smtp://127.0.0.1:{port}"}
        with running_shop(tmp_path / "shop", settings) as server:
            yield MailedShop(server, box)
