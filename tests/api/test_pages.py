"""The few pages people open in a browser."""

import re

import httpx
import pytest

from app.domain.money import Money
from app.routers.services import Services
from tests.api.conftest import Person
from tests.factories import Factory
from tests.fakes import FakeGateway

LINK = re.compile(r'href="(/t/[A-Za-z0-9_-]+)"')


def open_page(api: httpx.Client, path: str, status: int = 200) -> str:
    answer = api.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    return answer.text


class TestPaymentPage:
    def test_settles_and_links_the_ticket(
        self, api: httpx.Client, make: Factory, ada: Person
    ) -> None:
        reference = make.pay(ada.user, make.event().id).payment.reference

        page = open_page(api, f"/payments/callback?trxref={reference}&reference={reference}")

        assert "Paid" in page
        link = LINK.search(page)
        assert link is not None
        assert "Lagos Jazz Night" in open_page(api, link.group(1))
        assert len(api.get("/tickets/", headers=ada.headers).json()) == 1

    def test_says_the_same_when_opened_again(
        self, api: httpx.Client, make: Factory, ada: Person
    ) -> None:
        path = (
            f"/payments/callback?reference={make.pay(ada.user, make.event().id).payment.reference}"
        )

        assert open_page(api, path) == open_page(api, path)
        assert len(api.get("/tickets/", headers=ada.headers).json()) == 1

    def test_tells_how_it_stands(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        event = make.event()
        waiting, declined, wrong = (
            make.pay(make.user(), event.id).payment.reference for _ in range(3)
        )
        gateway.decline(declined, "Insufficient <Funds>")
        gateway.pay(wrong, Money(1, "NGN"))

        pages = {
            reference: open_page(api, f"/payments/callback?reference={reference}")
            for reference in (waiting, declined, wrong)
        }

        assert f"https://checkout.test/{waiting}" in pages[waiting]
        assert "Insufficient &lt;Funds&gt;" in pages[declined]
        assert "goes back to you" in pages[wrong]
        assert not any(LINK.search(page) for page in pages.values())

    def test_keeps_the_buyer_calm_while_the_provider_is_silent(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        gateway.go_down()

        page = open_page(api, f"/payments/callback?reference={reference}", status=503)

        assert "comes by mail" in page

    def test_knows_a_cancelled_payment(self, api: httpx.Client) -> None:
        assert "Nothing was charged" in open_page(api, "/payments/callback?cancelled=true")

    @pytest.mark.parametrize("query", ["", "?reference=TCK-UNKNOWN"])
    def test_says_when_there_is_nothing(self, api: httpx.Client, query: str) -> None:
        open_page(api, f"/payments/callback{query}", status=404)

    @pytest.mark.parametrize("query", ["reference=%00", "reference=<b>", "cancelled=x"])
    def test_refuses_nonsense(self, api: httpx.Client, query: str) -> None:
        assert api.get(f"/payments/callback?{query}").status_code == 422


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

    def test_are_what_a_browser_sees_first(self, api: httpx.Client) -> None:
        assert api.get("/").headers["location"] == "/docs"
