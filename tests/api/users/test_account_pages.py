"""Pages of who is signed in: my tickets, and another password."""

from dataclasses import replace
from html import unescape

import httpx
import pytest

from app.domain.tickets.ticket_states import TicketState
from app.http.services import Services
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at
from tests.support.factories import PASSWORD, Factory

pytestmark = one_database

NEW = "another long password"
CHANGE = {"current_password": PASSWORD, "new_password": NEW, "again": NEW}


@pytest.fixture
def visitor(api: httpx.Client, make: Factory) -> Visitor:
    make.user(name="ada")
    visitor = Visitor(api)
    visitor.sign_in("ada")
    return visitor


class TestMyTickets:
    def test_lead_to_their_pages(self, visitor: Visitor, make: Factory, services: Services) -> None:
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        event = make.event()
        bought = make.buy(ada, event.id, quantity=2)
        make.buy(make.user(), event.id)

        page = visitor.open("/account/tickets")

        links = [part.split('"')[0] for part in page.split('href="/t/')[1:]]
        assert sorted(links) == sorted(ticket.link_key for ticket in bought.tickets)
        assert event.title in visitor.open(f"/t/{links[0]}")
        assert "(WAT), Freedom Park, Lagos" in page

    def test_tell_which_are_of_no_use_any_more(
        self, visitor: Visitor, make: Factory, services: Services
    ) -> None:
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        event = make.event(refund_hours=1)
        bought = make.buy(ada, event.id)
        assert TicketState.REFUNDED.capitalize() not in visitor.open("/account/tickets")

        services.refund_requests.request_refund(order_id=bought.order.id, caller=ada)

        assert "Refunded" in visitor.open("/account/tickets")

    def test_come_in_pages(self, visitor: Visitor, make: Factory, services: Services) -> None:
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        event = make.event()
        for _ in range(3):
            make.buy(ada, event.id, quantity=7)

        first = visitor.open("/account/tickets")
        older = unescape(first.split('rel="next" href="')[1].split('"')[0])

        assert [page.count('href="/t/') for page in (first, visitor.open(older))] == [20, 1]

    def test_of_nobody_yet_say_where_to_find_some(self, visitor: Visitor) -> None:
        assert "No tickets yet." in visitor.open("/account/tickets")
        answer = visitor.api.get("/account/tickets", headers={"Accept": "text/html", "Cookie": ""})
        assert answer.headers["location"] == "/sign-in?next=/account/tickets"


class TestChangePassword:
    def test_sets_it_and_ends_all_logins(self, visitor: Visitor) -> None:
        other = Visitor(visitor.api)
        other.sign_in("ada")
        visitor.open("/account/password")
        kept = replace(visitor, cookies=dict(visitor.cookies))

        answer = visitor.post("/account/password", 200, **CHANGE)

        assert "Your new password is set." in answer.text
        assert "Max-Age=0" in answer.headers["set-cookie"]
        for each in (other, kept):
            assert each.post("/account/sessions").headers["location"] == "/sign-in"
        visitor.post("/sign-in", 401, username="ada", password=PASSWORD)
        visitor.sign_in("ada", NEW)

    @pytest.mark.parametrize(
        ("field", "text", "status", "told"),
        [
            ("current_password", "wrong", 403, "wrong"),
            ("current_password", "", 403, "wrong"),
            ("new_password", "short", 422, "not the same"),
            ("again", "something else", 422, "not the same"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_shows_no_password(
        self, visitor: Visitor, field: str, text: str, status: int, told: str
    ) -> None:
        page = visitor.post("/account/password", status, **(CHANGE | {field: text})).text

        at = "again" if told == "not the same" else field
        assert told in mistake_at(page, at)
        assert NEW not in page
        assert PASSWORD not in page
        visitor.open("/account/password")

    def test_takes_no_short_one(self, visitor: Visitor) -> None:
        page = visitor.post(
            "/account/password", 422, **(CHANGE | {"new_password": "short", "again": "short"})
        ).text

        assert "at least 8" in mistake_at(page, "new_password")

    def test_counts_guesses(self, visitor: Visitor) -> None:
        for _ in range(10):
            visitor.post("/account/password", 403, **(CHANGE | {"current_password": "wrong"}))

        visitor.post("/account/password", 429, **CHANGE)

        visitor.open("/account/password")

    def test_without_the_session_s_proof_does_nothing(self, visitor: Visitor) -> None:
        visitor.csrf = "0" * 64

        visitor.post("/account/password", 403, **CHANGE)

        visitor.post("/sign-in", username="ada", password=PASSWORD)
