"""Buying from the page of an event, without an account and without any script."""

import re
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.domain.listings import EventListing
from app.domain.states import DiscountKind
from app.http.services import Services
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from app.services.operations.code_guesses import ACCESS_CODES
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway

pytestmark = one_database

HOSTILE = '"><script>alert(1)</script>'
FORM = {"name": "Ada Obi", "email": "ada@example.com"}
ACTION = re.compile(r'<form class="stack" method="post" action="([^"]+)"')


@pytest.fixture
def gala(make: Factory, organizer: Person) -> EventListing:
    """With two types of tickets, and a promo code."""
    event = make.event(
        organizer=organizer.user,
        capacity=None,
        ticket_types=[
            NewTicketType(name="Stalls", price=Decimal(2500), capacity=3),
            NewTicketType(name="Box", price=Decimal(10_000), capacity=3),
        ],
    )
    make.services.promo_codes.create(
        event_id=event.id,
        organizer=organizer.user,
        new=NewPromoCode(code="HALF", kind=DiscountKind.PERCENT, value=Decimal(50)),
    )
    return event


def chosen(event: EventListing, *quantities: object) -> dict[str, Any]:
    """The form with so many of each type."""
    types = [f"quantity-{each.id}" for each in event.ticket_types]
    return FORM | dict(zip(types, map(str, quantities), strict=False))


def guest_of(event: EventListing) -> dict[str, Any]:
    """The body by which a guest buys one ticket of the first type."""
    item = {"ticket_type_id": event.ticket_types[0].id, "quantity": 1}
    return {**FORM, "event_id": event.id, "items": [item]}


def send(api: httpx.Client, event: EventListing, form: dict[str, Any]) -> httpx.Response:
    """Fill the form in and press its button."""
    shown = api.get(f"/e/{event.id}", follow_redirects=True).text
    found = ACTION.search(shown)
    assert found is not None
    return api.post(found[1], data=form)


@pytest.mark.smoke
class TestForm:
    def test_leads_to_paystack_with_what_was_chosen(
        self, api: httpx.Client, gala: EventListing, gateway: FakeGateway
    ) -> None:
        sent = send(api, gala, chosen(gala, 2, 1) | {"promo_code": "half"})

        (charge,) = gateway.charges.values()
        assert charge.report.amount is not None
        assert charge.report.amount.minor == 750_000
        assert sent.headers["refresh"].startswith("0; url=https://checkout.test/")

    def test_leads_to_the_order_when_there_is_nothing_to_pay(
        self, api: httpx.Client, make: Factory
    ) -> None:
        event = make.event(price="0")

        sent = send(api, event, chosen(event, 1))

        assert sent.status_code == 303
        assert "is paid" in api.get(sent.headers["location"]).text

    def test_leads_to_the_order_when_paystack_is_silent(
        self, api: httpx.Client, gala: EventListing, gateway: FakeGateway
    ) -> None:
        gateway.go_down()

        sent = send(api, gala, chosen(gala, 1))

        gateway.come_back()
        assert sent.status_code == 303
        page = api.get(sent.headers["location"]).text
        assert "minutes left" in page
        assert "Paystack did not answer just now" in page

    def test_leads_to_an_order_that_tells_when_the_event_is_cancelled(
        self, api: httpx.Client, gala: EventListing, organizer: Person, services: Services
    ) -> None:
        path = f"/o/{api.post('/checkout', json=guest_of(gala)).raise_for_status().json()['token']}"
        before = api.get(path).text
        services.events.cancel(event_id=gala.id, organizer=organizer.user, dry_run=False)

        assert "This event was cancelled" not in before
        assert "This event was cancelled" in api.get(path).text

    @pytest.mark.parametrize(
        ("wrong", "field", "sentence"),
        [
            ({"name": ""}, "name", "Enter your name"),
            ({"name": "Win at www.example.com"}, "name", "Enter your name"),
            ({"email": HOSTILE}, "email", "Enter an e-mail address"),
            ({"promo_code": "WRONG"}, "promo_code", "promo code"),
            ({"promo_code": "x" * 65}, "promo_code", "at most 64"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_rest(
        self,
        api: httpx.Client,
        gala: EventListing,
        gateway: FakeGateway,
        wrong: dict[str, str],
        field: str,
        sentence: str,
    ) -> None:
        sent = send(api, gala, chosen(gala, 2, 0) | wrong)

        assert sent.status_code in (404, 422)
        found = re.search(f'<span class="error" id="{field}-error">([^<]+)<', sent.text)
        assert found is not None
        assert sentence in found[1]
        assert f'aria-describedby="{field}-error"' in sent.text
        assert "<option selected>2</option>" in sent.text
        assert "<script>" not in sent.text
        assert not gateway.charges

    @pytest.mark.parametrize("quantity", ["-1", "1.5", "51", "x", "9" * 400, "\u0661"])
    def test_refuses_what_is_no_quantity(
        self, api: httpx.Client, gala: EventListing, quantity: str
    ) -> None:
        sent = send(api, gala, chosen(gala, quantity))

        assert sent.status_code == 422
        assert "Enter a whole number" in sent.text

    def test_asks_for_at_least_one_ticket(self, api: httpx.Client, gala: EventListing) -> None:
        sent = send(api, gala, chosen(gala, 0, 0))

        assert sent.status_code == 422
        assert "Choose at least one ticket." in sent.text

    def test_says_at_the_type_that_too_few_are_left(
        self, api: httpx.Client, gala: EventListing, services: Services
    ) -> None:
        sent = send(api, gala, chosen(gala, 0, 4))

        box = gala.ticket_types[1].id
        assert sent.status_code == 409
        assert f'id="quantity-{box}-error"' in sent.text

    def test_is_not_there_for_an_event_that_is_not(self, api: httpx.Client) -> None:
        assert api.post("/e/999/checkout", data=FORM | {"quantity-1": "1"}).status_code == 404
        assert api.post("/e/999/checkout", data=FORM).status_code == 404

    def test_ignores_a_field_it_does_not_know_and_refuses_hundreds(
        self, api: httpx.Client, gala: EventListing
    ) -> None:
        many = {f"field-{number}": "x" for number in range(500)}

        assert send(api, gala, chosen(gala, 1) | {"unknown": HOSTILE}).status_code == 200
        assert send(api, gala, chosen(gala, 1) | many).status_code == 400

    def test_takes_no_file(self, api: httpx.Client, gala: EventListing) -> None:
        answer = api.post(
            f"/e/{gala.id}/checkout", data=chosen(gala, 1), files={"name": ("name", b"x")}
        )

        assert answer.status_code == 400

    def test_is_gone_once_sales_are_over(
        self, api: httpx.Client, gala: EventListing, services: Services, organizer: Person
    ) -> None:
        services.events.cancel(event_id=gala.id, organizer=organizer.user, dry_run=False)

        shown = api.get(f"/e/{gala.id}", follow_redirects=True).text
        sent = api.post(f"/e/{gala.id}/checkout", data=chosen(gala, 1))

        assert ACTION.search(shown) is None
        assert sent.status_code == 409


class TestAccessCode:
    @pytest.fixture
    def event(self, make: Factory) -> EventListing:
        return make.event(
            ticket_types=[
                NewTicketType(name="Regular", price=Decimal(2_500)),
                NewTicketType(name="Crew", price=Decimal(0), access_code="Backstage"),
            ]
        )

    def test_shows_the_hidden_type_and_buys_it(
        self, api: httpx.Client, event: EventListing
    ) -> None:
        path = f"/e/{event.id}-lagos-jazz-night"
        crew = event.ticket_types[1].id

        assert "Crew" not in api.get(path).text
        page = api.get(path, params={"access_code": " backSTAGE "})
        form = {
            f"quantity-{crew}": "1",
            "name": "Ada Obi",
            "email": "ada@crew.example",
            "access_code": "backSTAGE",
        }
        placed = api.post(f"/e/{event.id}/checkout", data=form)

        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert f'name="quantity-{crew}"' in page.text
        assert 'name="access_code" value="backSTAGE"' in page.text
        assert placed.status_code == 303
        assert "Crew" in api.get(placed.headers["location"]).text

    def test_that_is_wrong_shows_nothing_and_is_counted(
        self, api: httpx.Client, event: EventListing
    ) -> None:
        path = f"/e/{event.id}-lagos-jazz-night"
        free = ACCESS_CODES.of_address.free

        answers = [api.get(path, params={"access_code": f"no-{n}"}) for n in range(free + 1)]
        after = api.get(path, params={"access_code": "Backstage"})

        assert {answer.status_code for answer in answers[:-1]} == {422}
        assert answers[-1].status_code == after.status_code == 429
        assert not any("Crew" in answer.text for answer in (*answers, after))
        assert 'id="access_code-error"' in answers[0].text

    def test_stays_where_something_else_is_wrong(
        self, api: httpx.Client, event: EventListing
    ) -> None:
        form = {"name": "", "email": "ada@crew.example", "access_code": "Backstage"}

        answer = api.post(f"/e/{event.id}/checkout", data=form)

        assert answer.status_code == 422
        assert "Crew" in answer.text

    def test_cannot_be_guessed_by_forms_that_order_nothing(
        self, api: httpx.Client, event: EventListing
    ) -> None:
        def send(code: str) -> httpx.Response:
            form = {"name": "Ada", "email": "ada@crew.example", "access_code": code}
            return api.post(f"/e/{event.id}/checkout", data=form)

        for number in range(ACCESS_CODES.of_address.free):
            send(f"no-{number}")

        assert "Crew" not in send("Backstage").text
