"""Over HTTP, XOF is priced and shown in whole francs."""

import httpx
import pytest

from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person, one_database
from tests.api.http.test_pages import open_page
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway
from tests.support.prints import pdf_text


class TestPrices:
    def test_are_refused_with_the_field_named(self, api: httpx.Client, organizer: Person) -> None:
        francs = {**EVENT, "currency": "XOF"}
        types = [{"name": "A", "ticket_price": 1500}, {"name": "B", "ticket_price": 1500.5}]

        for body, pointer in (
            ({**francs, "ticket_price": 1500.5}, "/ticket_price"),
            ({**francs, "ticket_types": types}, "/ticket_types/1/ticket_price"),
        ):
            refused = api.post("/events/", json=body, headers=organizer.headers)

            assert code_of(refused) == (422, "price-not-payable")
            assert pointers_of(refused) == [pointer]
        assert api.post("/events/", json={**francs, "ticket_price": 1500.00}).status_code == 201

    def test_of_fixed_promo_codes_are_refused_as_well(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        event = api.post("/events/", json={**EVENT, "currency": "XOF"}, headers=organizer.headers)
        code = {"code": "LESS", "kind": "fixed", "value": 10.25}

        refused = api.post(
            f"/events/{event.json()['id']}/promo-codes", json=code, headers=organizer.headers
        )

        assert (refused.status_code, pointers_of(refused)) == (422, ["/value"])


@one_database
class TestShown:
    def test_without_decimals_on_paper_and_pages(
        self, api: httpx.Client, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event(price="12500", currency="XOF")
        gateway.pays_at_once = False
        opened = make.pay(ada, event.id).payment

        page = open_page(api, f"/payments/callback?reference={opened.reference}")
        gateway.pay(opened.reference)
        ticket = make.services.settlement.settle(opened.reference).tickets[0]
        paper = "".join(pdf_text(api.get(f"/t/{ticket.link_key}.pdf").content))

        for shown in (page, paper):
            assert "CFA 12,500" in shown
            assert "12,500.00" not in shown


@one_database
class TestDescription:
    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ("EventCreate", "ticket_price"),
            ("EventChange", "ticket_price"),
            ("TicketTypeCreate", "ticket_price"),
            ("TicketTypeChange", "ticket_price"),
            ("PromoCodeCreate", "value"),
            ("PromoCodeChange", "value"),
            ("MoneyOut", "amount"),
        ],
    )
    def test_says_so(self, api: httpx.Client, body: str, field: str) -> None:
        schemas = api.get("/openapi.json").json()["components"]["schemas"]
        described = schemas[body]["properties"][field]

        assert "XOF" in described["description"]
