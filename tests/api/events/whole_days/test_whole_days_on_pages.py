"""Events that last whole days are told by their days, without a time, wherever people read them."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.domain.ids import EventId
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.conftest import EVENT, Person, one_database
from tests.steps.browsing import Visitor
from tests.steps.checkouts import Shopper
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeMailer

pytestmark = one_database

FAIR: dict[str, Any] = {
    **EVENT,
    "title": "Book fair",
    "all_day": True,
    "date": "2027-12-04",
    "ends_at": "2027-12-07",
}
ENGLISH, FRENCH = "4 to 6 December 2027", "du 4 au 6 décembre 2027"
SHORT, COURT = "4 to 6 Dec 2027", "du 4 au 6 déc. 2027"
MIDNIGHT = re.compile(r"00:00|23:00")


@pytest.fixture
def fair(api: httpx.Client, organizer: Person) -> EventId:
    answer = api.post("/events/", json=FAIR, headers=organizer.headers)
    return EventId(answer.json()["id"])


def read(api: httpx.Client, path: str, language: str = "en") -> str:
    answer = api.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert answer.status_code == 200, path
    assert not MIDNIGHT.search(answer.text), path
    return answer.text


class TestPublicPages:
    def test_say_the_days(self, api: httpx.Client, fair: EventId) -> None:
        said = {
            "/": (SHORT, COURT),
            "/e/1-book-fair": (ENGLISH, FRENCH),
            "/e/1-book-fair/embed": (SHORT, COURT),
            "/e/1-book-fair/poster": (ENGLISH, FRENCH),
        }

        for path, (english, french) in said.items():
            assert english in read(api, path), path
            assert french in read(api, path, "fr"), path
        assert '<time datetime="2027-12-04">' in read(api, "/e/1-book-fair")

    def test_tell_search_engines_dates(self, api: httpx.Client, fair: EventId) -> None:
        page = read(api, "/e/1-book-fair")

        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        described = json.loads(found.group(1))
        assert described["startDate"] == "2027-12-04"
        assert described["endDate"] == "2027-12-06"

    def test_bring_a_calendar_file_with_dates(self, api: httpx.Client, fair: EventId) -> None:
        for path in ("/events/1.ics", "/e/1-book-fair.ics"):
            lines = api.get(path).content.split(b"\r\n")
            assert b"DTSTART;VALUE=DATE:20271204" in lines
            assert b"DTEND;VALUE=DATE:20271207" in lines


class TestPagesOfBuyers:
    def test_say_the_days(
        self, api: httpx.Client, fair: EventId, ada: Person, make: Factory, services: Services
    ) -> None:
        ticket = make.buy(ada.user, fair).tickets[0]
        order = Shopper(services, make).bought(fair)
        visitor = Visitor(api)
        visitor.sign_in(ada.user.username)

        for page in (
            read(api, f"/t/{ticket.link_key}"),
            read(api, f"/o/{order.token}"),
            visitor.open("/account/tickets"),
        ):
            assert ENGLISH in page
            assert not MIDNIGHT.search(page)
        assert FRENCH in read(api, f"/t/{ticket.link_key}", "fr")
        shown = api.get(
            f"/tickets/{ticket.id}", headers=ada.headers | {"Accept": "application/json"}
        )
        assert shown.json()["event_all_day"] is True

    def test_say_the_days_of_an_offered_ticket(
        self,
        api: httpx.Client,
        fair: EventId,
        ada: Person,
        make: Factory,
        services: Services,
        outside: Adapters,
    ) -> None:
        ticket = make.buy(ada.user, fair).tickets[0]
        offer = services.transfers.offer(
            ticket_id=ticket.id, giver=ada.user, email="chi@example.com", name=None
        )

        token = outside.links.issue(offer.link_subject)
        page = api.get("/transfer", params={"token": token}).text

        assert f"<dt>When</dt><dd>{ENGLISH}</dd>" in page


class TestMails:
    def test_say_the_days(
        self,
        api: httpx.Client,
        fair: EventId,
        organizer: Person,
        ada: Person,
        make: Factory,
        services: Services,
        mailer: FakeMailer,
        clock: FakeClock,
    ) -> None:
        make.buy(ada.user, fair)
        make.work()
        moved = {"date": "2027-12-05"}
        api.patch(f"/events/{fair}", json=moved, headers=organizer.headers)
        make.work()
        clock.advance(timedelta(days=278, hours=5))
        make.work()
        services.events.cancel(event_id=fair, organizer=organizer.user, dry_run=False)
        make.work()

        bought, changed, reminded = mailer.to(ada.user.email)[:3]
        (cancelled,) = (
            mail for mail in mailer.to(ada.user.email) if mail.subject.startswith("Cancelled")
        )
        assert f"When:  {ENGLISH}" in bought.text
        assert f"When: 5 to 7 December 2027 (before: {ENGLISH})" in changed.text
        assert "Ends" not in changed.text
        assert "When:  5 to 7 December 2027" in reminded.text
        assert "It was planned for 5 to 7 December 2027 at Freedom Park" in cancelled.text

    def test_say_days_in_place_of_hours(
        self,
        api: httpx.Client,
        organizer: Person,
        ada: Person,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        concert = {**EVENT, "ends_at": "2030-06-01T23:00:00"}
        api.post("/events/", json=concert, headers=organizer.headers)
        make.buy(ada.user, EventId(1))
        make.work()
        for all_day in (True, False):
            change = {"all_day": all_day, "date": "2030-06-01"}
            api.patch("/events/1", json=change, headers=organizer.headers)
            make.work()

        to_days, to_hours = mailer.to(ada.user.email)[-2:]
        begin = "Saturday, 01 June 2030, 19:00 (WAT)"
        assert f"When: Saturday, 1 June 2030 (before: {begin})" in to_days.text
        assert "Ends" not in to_days.text
        assert "Begins: Saturday, 01 June 2030, 00:00 (WAT) (before: Saturday, 1 June 2030)" in (
            to_hours.text
        )
