"""The console: an organizer creates an event, watches it sell, changes and cancels it."""

import re
from datetime import UTC, datetime
from html import unescape

import httpx
import pytest

from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of, words_of
from tests.steps.console import FORM, created, id_in
from tests.steps.door import Door
from tests.support.factories import Factory

pytestmark = one_database


def row_of(page: str, title: str) -> list[str]:
    """The cells of a table's row that begins with a link of this title."""
    row = next(each for each in page.split("<tr>") if f">{title}</a>" in each)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [unescape(re.sub(r"<[^>]*>", " ", cell)).strip() for cell in cells]


ODD_PRICES = (
    "75,50",
    "75.000",
    "2.500,00",
    "25,00,00",
    "2500.5.0",
    "1,2345",
    "12 34",
    "\u0665\u0660\u0660",
)
"""Prices that mean one amount to some people and another to others."""


class TestCreateEvent:
    def test_puts_it_on_sale(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor)

        event = services.events.get(id_in(path))
        assert event.title == "Lagos Jazz Night"
        page = visitor.open(path)
        assert "Saturday, 1 June 2030, 19:00 (WAT)" in page
        assert "https://shop.test/e/1-lagos-jazz-night" in page
        assert "/e/1-lagos-jazz-night/poster" in page

    @pytest.mark.parametrize(
        ("text", "minor"),
        [
            ("2500", 250_000),
            ("2,500", 250_000),
            ("2 500.50", 250_050),
            ("1,234,567.9", 123_456_790),
        ],
    )
    def test_reads_prices_as_people_write_them(
        self, visitor: Visitor, services: Services, text: str, minor: int
    ) -> None:
        path = created(visitor, ticket_price=text)

        assert services.events.get(id_in(path)).price_minor == minor

    def test_takes_the_end_refunds_and_a_limit_and_can_empty_them(
        self, visitor: Visitor, services: Services
    ) -> None:
        more = {"ends_at": "2030-06-01T23:00", "refund_hours": "48", "max_per_buyer": "4"}

        path = created(visitor, **more)
        made = services.events.get(id_in(path))
        visitor.post(f"{path}/edit", **(FORM | dict.fromkeys(more, "")))
        emptied = services.events.get(id_in(path))

        assert made.ends_at == datetime(2030, 6, 1, 22, tzinfo=UTC)
        assert (made.refund_hours, made.max_per_buyer) == (48, 4)
        assert (emptied.ends_at, emptied.refund_hours, emptied.max_per_buyer) == (None, None, None)

    def test_of_a_newcomer_makes_an_organizer_in_the_demo(self, api: httpx.Client) -> None:
        visitor = Visitor(api)
        visitor.post(
            "/sign-up", username="bola", email="bola@example.com", password="long enough here"
        )
        assert "No events yet." in visitor.open("/manage")

        path = created(visitor)

        assert "Lagos Jazz Night" in visitor.open("/manage")
        assert "No orders yet." in visitor.open(path)
        assert "Lagos Jazz Night" in visitor.open("/")

    @pytest.mark.parametrize(
        ("field", "text", "mistake"),
        [
            ("title", "", "This field is needed."),
            ("title", "see www.evil.test", "Must not contain a web address"),
            ("date", "", "This field is needed."),
            ("date", "tomorrow", "Must be a date and time"),
            ("date", "2020-01-01T10:00", "Must be in the future"),
            ("location", " ", "This field is needed."),
            ("ticket_price", "cheap", "Write the price in digits"),
            ("ticket_price", "", "This field is needed."),
            ("ticket_price", "1", "A price must be 0, or"),
            ("ticket_price", "-5", "Write the price in digits"),
            *(("ticket_price", odd, "Write the price in digits") for odd in ODD_PRICES),
            ("capacity", "many", "Write a number in digits"),
            ("capacity", "0", "Input should be greater than or equal to 1"),
            ("category", "x" * 61, "at most 60"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_rest(
        self, visitor: Visitor, services: Services, field: str, text: str, mistake: str
    ) -> None:
        visitor.open("/manage/events/new")

        page = visitor.post("/manage/events/new", 422, **(FORM | {field: text})).text

        assert mistake in mistake_at(page, field)
        for name in ("title", "date", "location", "ticket_price", "capacity", "category"):
            assert value_of(page, name) == (FORM | {field: text})[name]
        assert "Three bands.\n\nFood.</textarea>" in page
        assert "No events yet." in visitor.open("/manage")

    def test_sent_twice_makes_one_event(self, visitor: Visitor) -> None:
        visitor.open("/manage/events/new")
        twice = [visitor.post("/manage/events/new", **FORM) for _ in range(2)]
        other = visitor.post("/manage/events/new", **(FORM | {"title": "Another night"}))

        first, again = (answer.headers["location"] for answer in twice)
        assert first == again != other.headers["location"]
        assert visitor.open("/manage").count(">Lagos Jazz Night</a>") == 1

    def test_without_the_session_s_proof_does_nothing(self, visitor: Visitor) -> None:
        visitor.csrf = "0" * 64

        visitor.post("/manage/events/new", 403, **FORM)

        assert "No events yet." in visitor.open("/manage")


class TestEvents:
    def test_tell_what_was_sold_is_left_and_came_in(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller, capacity=10)
        make.buy(make.user(), event.id, quantity=2)
        refunded = make.buy(make.user(), event.id)
        make.order(make.user(), event.id)
        services.refund_requests.request_refund(order_id=refunded.order.id, caller=seller)
        make.work()

        _, _, sold, left, revenue = row_of(visitor.open("/manage"), event.title)

        report = services.reports.sales(event_id=event.id, organizer=seller).revenue[0]
        assert (sold, left) == ("2", "7")
        assert revenue == f"₦{report.net / 100:,.2f}"
        assert f"<dd>{revenue}" in visitor.open(f"/manage/events/{event.id}")

    def test_come_in_pages(self, visitor: Visitor, seller: User, make: Factory) -> None:
        for number in range(21):
            make.event(organizer=seller, title=f"Night {number:02}")
        make.event(organizer=make.user(role=Role.ORGANIZER), title="Of others")

        first = visitor.open("/manage")
        second = visitor.open(unescape(re.findall(r'rel="next" href="([^"]+)"', first)[0]))

        shown = [re.findall(r">(Night [0-9]+)</a>", page) for page in (first, second)]
        assert [len(each) for each in shown] == [20, 1]
        assert sorted(shown[0] + shown[1]) == [f"Night {number:02}" for number in range(21)]
        assert "Of others" not in first + second


class TestEvent:
    def test_is_changed_by_what_differs(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor)
        page = visitor.open(f"{path}/edit")
        assert value_of(page, "date") == "2030-06-01T19:00"

        fields = {name: FORM[name] for name in ("date", "category", "description")}
        visitor.post(f"{path}/edit", title="Another night", location="Terra Kulture", **fields)

        event = services.events.get(id_in(path))
        assert (event.title, event.location) == ("Another night", "Terra Kulture")
        assert event.description == "Three bands.\n\nFood."
        fields["date"] = "2020-01-01T10:00"
        page = visitor.post(f"{path}/edit", 422, title="X", location="Y", **fields).text
        assert mistake_at(page, "date")
        assert value_of(page, "title") == "X"

    def test_gets_more_ticket_types_and_other_prices(self, visitor: Visitor) -> None:
        path = created(visitor)
        visitor.post(f"{path}/ticket-types", name="VIP", ticket_price="10000", capacity="20")
        page = visitor.open(path)
        address = re.findall(rf'href="({path}/ticket-types/[0-9]+)">VIP', page)[0]
        assert row_of(page, "VIP") == ["VIP", "₦10,000", "0", "20"]
        assert value_of(visitor.open(address), "capacity") == "20"

        visitor.post(address, name="VIP", ticket_price="12000.50", capacity="")

        assert row_of(visitor.open(path), "VIP") == ["VIP", "₦12,000.50", "0", "no limit"]
        taken = visitor.post(
            address, 409, name="General admission", ticket_price="1000", capacity="5"
        )
        assert mistake_at(taken.text, "name")
        bad = visitor.post(f"{path}/ticket-types", 422, name="", ticket_price="x", capacity="y")
        assert [mistake_at(bad.text, name) for name in ("name", "ticket_price", "capacity")]

    def test_shows_orders_and_finds_them(
        self, visitor: Visitor, seller: User, make: Factory
    ) -> None:
        event = make.event(organizer=seller)
        for name in ("ngozi", "tunde"):
            make.buy(make.user(name=name), event.id)
        path = f"/manage/events/{event.id}"

        everything, found, nothing = (
            visitor.open(path + query) for query in ("", "?q=ngozi", "?q=nobody%00")
        )

        assert "ngozi@example.com" in everything
        assert "tunde@example.com" in everything
        assert "ngozi@example.com" in found
        assert "tunde@example.com" not in found
        assert "No order fits these words." in nothing

    def test_tells_how_many_came(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller)
        door, path = Door(services, make, event.id, seller), f"/manage/events/{event.id}"
        came, _ = door.tickets(2)
        assert '<dt>Inside</dt><dd data-count="inside">0</dd>' in visitor.open(path)

        door.scan(door.code(came), by=door.scanner("North"))

        page = visitor.open(path)
        assert "Came in 1 of 2" in words_of(page)
        assert "North 1" in words_of(page)
        assert f'data-counts="{path}/counts"' in page

    def test_is_cancelled_after_its_numbers_were_shown(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller)
        make.buy(make.user(), event.id, quantity=2)
        path = f"/manage/events/{event.id}/cancel"

        page = visitor.open(path)
        assert "1 (₦5,000.00)" in page
        assert services.events.get(event.id).cancelled_at is None
        visitor.post(path)

        assert services.events.get(event.id).cancelled_at is not None
        assert "The event is cancelled" in visitor.open(path)
        assert "Cancelled" in visitor.open("/manage")
