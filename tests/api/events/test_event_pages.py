"""The shop's front and the page of an event, as people see them."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.domain.events.lists import EventFilter
from app.http.services import Services
from app.pages.events import EVENTS_ON_A_PAGE
from app.services.events.ticket_types import NewTicketType
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = one_database

HOSTILE = """<script>alert(1)</script>"' </title></script><img src=x onerror=alert(2)> {{7*7}}"""
EVERYTHING = EventFilter()
EVENT = {
    "title": "Lagos Jazz Night",
    "date": "2030-06-01T19:00:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": 2500,
}
LINK = re.compile(r'<h2><a href="(/e/[^"]+)">([^<]*)</a></h2>')


def opened(api: httpx.Client, path: str, status: int = 200) -> httpx.Response:
    answer = api.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text.replace("style=&#34;", "")
    return answer


def data_of(answer: httpx.Response) -> Any:
    """What search engines read on the page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert found is not None
    return json.loads(found.group(1))


def titles(answer: httpx.Response) -> list[str]:
    return [title for _, title in LINK.findall(answer.text)]


class TestFront:
    def test_lists_what_lies_ahead_and_leads_to_it(
        self, api: httpx.Client, make: Factory, clock: FakeClock
    ) -> None:
        make.event(title="Over", starts_at=START + timedelta(days=1))
        make.event(title="Later", starts_at=START + timedelta(days=60))
        make.event(title="Sooner", starts_at=START + timedelta(days=50), price="0")
        clock.advance(timedelta(days=40))

        page = opened(api, "/")

        assert titles(page) == ["Sooner", "Later"]
        assert "₦2,500" in page.text
        assert "Free" in page.text
        for path, title in LINK.findall(page.text):
            assert title in opened(api, path).text
        assert 'href="/docs"' in page.text

    def test_tells_what_costs_something_beside_what_is_free(
        self, api: httpx.Client, make: Factory
    ) -> None:
        prices = map(Decimal, (0, 1500, 9000))
        make.event(ticket_types=[NewTicketType(name=f"At {each}", price=each) for each in prices])

        assert "Free, or from ₦1,500" in opened(api, "/").text

    def test_finds_by_words_and_by_category(self, api: httpx.Client, make: Factory) -> None:
        make.event(title="Adéṣọlá live", category="Music")
        make.event(title="Python day", category="Tech & Co")

        assert titles(opened(api, "/?q=adesola")) == ["Adéṣọlá live"]
        assert titles(opened(api, "/?category=tech+%26+co")) == ["Python day"]
        assert titles(opened(api, "/?q=nothing+like+it")) == []
        chips = re.findall(r'href="(/\?category=[^"]+)"', opened(api, "/").text)
        assert [titles(opened(api, chip)) for chip in chips] == [["Adéṣọlá live"], ["Python day"]]

    def test_names_each_category_of_what_lies_ahead_once_the_largest_first(
        self, make: Factory, services: Services, clock: FakeClock
    ) -> None:
        for category in ("music", "Sport", "Music", None):
            make.event(category=category, starts_at=START + timedelta(days=60))
        make.event(category="Over", starts_at=START + timedelta(days=1))
        clock.advance(timedelta(days=40))

        found = services.event_pages.front(EVERYTHING, after=None, limit=1).categories

        assert [each.lower() for each in found] == ["music", "sport"]

    def test_goes_on_page_by_page_with_the_same_words(
        self, api: httpx.Client, make: Factory
    ) -> None:
        for number in range(EVENTS_ON_A_PAGE + 1):
            make.event(title=f"Jazz {number:02}", starts_at=START + timedelta(days=30 + number))
        make.event(title="Something else")

        first = opened(api, "/?q=jazz")
        found = re.search(r'rel="next" href="([^"]+)"', first.text)
        assert found is not None
        second = opened(api, found.group(1).replace("&amp;", "&"))

        assert len(titles(first)) == EVENTS_ON_A_PAGE
        assert titles(second) == [f"Jazz {EVENTS_ON_A_PAGE:02}"]
        assert 'rel="next"' not in second.text

    @pytest.mark.parametrize("query", ["cursor=old", "cursor=%00", "nobody=knows", "q=%00%ff"])
    def test_is_shown_whatever_an_old_bookmark_says(
        self, api: httpx.Client, make: Factory, query: str
    ) -> None:
        make.event()

        opened(api, f"/?{query}")

    def test_says_that_nothing_is_on_yet(self, api: httpx.Client) -> None:
        assert "Nothing is on yet" in opened(api, "/").text


class TestEventPage:
    def test_tells_what_where_when_and_what_can_be_bought(
        self, api: httpx.Client, make: Factory, clock: FakeClock
    ) -> None:
        event = make.event(
            refund_hours=48,
            doors_open_at=START + timedelta(days=30, hours=-1),
            description="Three bands.",
            ticket_types=[
                NewTicketType(name="VIP", price=Decimal(10_000), capacity=1),
                NewTicketType(name="Regular", price=Decimal(2_500), capacity=3),
                NewTicketType(
                    name="Late", price=Decimal(100), sales_open_at=START + timedelta(days=9)
                ),
                NewTicketType(
                    name="Early", price=Decimal(100), sales_close_at=START + timedelta(days=1)
                ),
                NewTicketType(name="Crew", price=Decimal(0), access_code="backstage"),
            ],
        )
        make.order(make.user(), event.id)
        clock.advance(timedelta(days=2))

        page = opened(api, f"/e/{event.id}-lagos-jazz-night")

        for words in ("Lagos Jazz Night", "Wednesday, 31 March 2027, 13:00 (WAT)", "Freedom Park"):
            assert words in page.text
        for words in ("Three bands.", "Doors open 12:00 (WAT)", "48 hours", "3 left", "₦10,000"):
            assert words in page.text
        for words in ("Sold out", "Not yet", "Sales have ended", "How many of"):
            assert page.text.count(words) == 1, words
        assert "Crew" not in page.text
        assert [offer["availability"].rpartition("/")[2] for offer in data_of(page)["offers"]] == [
            "SoldOut",
            "InStock",
            "PreOrder",
            "Discontinued",
        ]

    def test_tells_search_engines_the_same(self, api: httpx.Client, make: Factory) -> None:
        event = make.event(ends_at=START + timedelta(days=30, hours=3))

        data = data_of(opened(api, f"/e/{event.id}-lagos-jazz-night"))

        assert data["@type"] == "Event"
        assert data["url"] == f"https://shop.test/e/{event.id}-lagos-jazz-night"
        assert data["startDate"] == "2027-03-31T13:00:00+01:00"
        assert data["endDate"] == "2027-03-31T16:00:00+01:00"
        assert data["offers"][0]["price"] == "2500.00"
        assert data["offers"][0]["priceCurrency"] == "NGN"

    def test_has_one_address(self, api: httpx.Client, make: Factory) -> None:
        event = make.event(title="Nuit de la poésie: à Abidjan!")
        right = f"/e/{event.id}-nuit-de-la-poesie-a-abidjan"

        opened(api, right)
        for other in (f"/e/{event.id}", f"/e/{event.id}-", f"/e/{event.id}-old-title"):
            moved = api.get(other)
            assert (moved.status_code, moved.headers["location"]) == (301, right)

    def test_of_a_title_without_latin_letters_is_found_by_number(
        self, api: httpx.Client, make: Factory
    ) -> None:
        event = make.event(title="音楽の夜")

        assert "音楽の夜" in opened(api, f"/e/{event.id}").text

    @pytest.mark.parametrize("path", ["/e/99", "/e/99-x/embed", "/e/99/poster", "/e/99.ics"])
    def test_says_that_there_is_none(self, api: httpx.Client, path: str) -> None:
        assert "There is no such event" in opened(api, path, 404).text

    @pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 400, "1;", "1<b>", "\uff11"])
    def test_refuses_what_is_no_number(self, api: httpx.Client, number: str) -> None:
        assert api.get(f"/e/{number}").status_code in (404, 422)

    def test_shows_hostile_text_as_text(self, api: httpx.Client, make: Factory) -> None:
        event = make.event(
            title=HOSTILE[:190], description=HOSTILE, location=HOSTILE, category=HOSTILE[:60]
        )

        for path in ("/", f"/e/{event.id}", f"/e/{event.id}/embed", f"/e/{event.id}/poster"):
            page = api.get(path, follow_redirects=True)
            assert page.status_code == 200
            assert "<img src=x" not in page.text
            assert "<script>" not in page.text
            assert "49" not in page.text
        assert data_of(api.get(f"/e/{event.id}", follow_redirects=True))["name"] == HOSTILE[:190]

    def test_tells_that_it_was_cancelled(
        self, api: httpx.Client, make: Factory, organizer: Person, services: Services
    ) -> None:
        event = make.event(organizer=organizer.user)
        services.events.cancel(event_id=event.id, organizer=organizer.user, dry_run=False)

        page = opened(api, f"/e/{event.id}-lagos-jazz-night")

        assert "This event was cancelled" in page.text
        assert ">Cancelled<" in opened(api, f"/e/{event.id}/poster").text
        assert "How many of" not in page.text
        assert data_of(page)["eventStatus"].endswith("EventCancelled")

    @pytest.mark.parametrize(
        ("address", "origin"),
        [
            ("https://Pictures.example:8443/a;b.png", "https://pictures.example:8443"),
            ("http://[2001:db8::1]/a.png", "http://[2001:db8::1]"),
            ("https://a.example/x y;script-src *", "https://a.example"),
        ],
    )
    def test_loads_a_picture_from_its_own_place_alone(
        self, api: httpx.Client, address: str, origin: str
    ) -> None:
        body = {**EVENT, "image_url": address}
        event_id = api.post("/events/", json=body).raise_for_status().json()["id"]

        page = api.get(f"/e/{event_id}", follow_redirects=True)

        policy = page.headers["content-security-policy"]
        assert f"img-src 'self' data: {origin};" in policy
        assert policy.count(";") == 5
        assert 'property="og:image"' in page.text
