"""The few pages people open in a browser."""

import re

import httpx
import pytest

from app.http.services import Services
from tests.api.conftest import one_database
from tests.support.factories import Factory

pytestmark = one_database

LINK = re.compile(r'href="(/t/[A-Za-z0-9_-]+)"')


def open_page(api: httpx.Client, path: str, status: int = 200) -> str:
    answer = api.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    return answer.text


class TestTicketPage:
    def test_shows_the_event_in_its_own_time(
        self, api: httpx.Client, make: Factory, services: Services
    ) -> None:
        event = make.event(title="Tom & <Jerry>")
        ada = make.user()
        make.buy(ada, event.id)
        ticket = services.tickets.page(user_id=ada.id, after=None, limit=1).items[0]

        page = open_page(api, f"/t/{ticket.link_key}")

        assert "Tom &amp; &lt;Jerry&gt;" in page
        assert "Wednesday, 31 March 2027, 13:00 (WAT)" in page
        assert "data:image/svg+xml;base64," in page

    def test_says_when_there_is_none(self, api: httpx.Client) -> None:
        open_page(api, "/t/unknown", status=404)


class TestDocs:
    @pytest.mark.parametrize("path", ["/docs", "/redoc"])
    def test_load_everything_from_here(self, api: httpx.Client, path: str) -> None:
        page = api.get(path)

        wanted = re.findall(r'(?:src|href|spec-url|data-openapi-url)="([^"]+)"', page.text)
        assert wanted
        for address in wanted:
            assert address.startswith("/")
            assert api.get(address).status_code == 200, address
