"""What was sold, in the console: the same figures as the API's, and files to download."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from app.domain.money import Money
from app.domain.organizers.reports import Period
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor
from tests.steps.console import signed_in
from tests.steps.door import Door
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = one_database

HOSTILE = '"><script>alert(1)</script>'


def test_shows_the_figures_of_the_report(
    visitor: Visitor, seller: User, make: Factory, services: Services
) -> None:
    event, ada = make.event(organizer=seller), make.user()
    bought = make.buy(ada, event.id, quantity=3)
    services.refund_requests.request_refund(
        order_id=bought.order.id, caller=seller, ticket_ids=[bought.tickets[0].id]
    )
    make.work()
    report = services.reports.sales(event_id=event.id, organizer=seller)
    path = f"/manage/events/{event.id}"

    assert f'href="{path}/report"' in visitor.open(path)
    page = visitor.open(f"{path}/report")

    (total,) = report.revenue
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(?:<strong[^>]*>)?([^<]*)", unescape(page)))
    assert facts["Tickets, before discounts"] == Money(total.gross, "NGN").as_people_write
    assert facts["Refunds"] == Money(total.refunds, "NGN").as_people_write
    assert facts["What is left"] == Money(total.net, "NGN").as_people_write
    assert 'value="3"' in page


def test_of_an_event_without_sales_says_so(visitor: Visitor, seller: User, make: Factory) -> None:
    event = make.event(organizer=seller, title=f"Jazz {HOSTILE}")

    page = visitor.open(f"/manage/events/{event.id}/report")

    assert "No money yet." in page
    assert "<script>" not in page


@pytest.mark.parametrize("name", ["orders", "attendees", "check-ins", "ledger"])
def test_downloads_what_the_api_exports(
    visitor: Visitor, seller: User, make: Factory, api: httpx.Client, name: str
) -> None:
    event = make.event(organizer=seller)
    make.buy(make.user(), event.id)
    path = f"/manage/events/{event.id}"

    assert f'href="{path}/exports"' in visitor.open(path)
    files = visitor.open(f"{path}/exports")
    assert f'href="{path}/exports/{name}.csv"' in files
    assert f'href="{path}/exports/{name}.xlsx"' in files
    assert visitor.get(f"{path}/exports/{name}.xlsx").content.startswith(b"PK")
    file = visitor.get(f"{path}/exports/{name}.csv")

    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert f'filename="event-{event.id}-{name}.csv"' in file.headers["content-disposition"]
    assert file.headers["cache-control"] == "no-store"
    assert file.text.count("\r\n") >= 1


def test_is_for_those_who_may_see_it(visitor: Visitor, seller: User, make: Factory) -> None:
    event = make.event(organizer=seller)
    rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

    for address in ("report", "attendance", "exports/ledger.csv", "exports/attendees.csv"):
        rival.open(f"/manage/events/{event.id}/{address}", 404)
    visitor.open(f"/manage/events/{event.id}/exports/passwords.csv", 422)
    visitor.open(f"/manage/events/{event.id}/exports/orders.xls", 422)


class TestWhoCame:
    def test_shows_scans_by_time_gate_and_reason(
        self, visitor: Visitor, seller: User, make: Factory, services: Services, clock: FakeClock
    ) -> None:
        event = make.event(organizer=seller, starts_at=START + timedelta(hours=2))
        door = Door(services, make, event.id, seller)
        first, _ = door.tickets(2)
        clock.advance(event.starts_at - clock.now())
        for gate in ("North", HOSTILE):
            door.scan(door.code(first), by=door.scanner(gate))
        path = f"/manage/events/{event.id}"

        assert f'href="{path}/attendance"' in visitor.open(path)
        page = visitor.open(f"{path}/attendance")

        facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(?:<strong[^>]*>)?([^<]*)", unescape(page)))
        assert facts["Tickets whose holder came"] == "1"
        assert facts["Scans refused"] == "1"
        assert ">50.0</span> %)" in page
        assert "This ticket was used before." in page
        assert unescape(page).count("North") == 2
        assert "<script>" not in page

    def test_before_anybody_was_scanned_says_so(
        self, visitor: Visitor, seller: User, make: Factory
    ) -> None:
        event = make.event(organizer=seller)

        assert "No scans yet." in visitor.open(f"/manage/events/{event.id}/attendance")


class TestWholeOrganization:
    def test_shows_the_figures_of_the_report(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller, title=f"Jazz {HOSTILE}")
        make.buy(make.user(), event.id, quantity=3)
        other = make.event(organizer=seller, currency="USD", price="20")
        make.buy(make.user(), other.id)
        path = f"/manage/organizations/{event.organization_id}/report"

        assert f'href="{path}"' in visitor.open("/manage")
        page = unescape(visitor.open(path))

        report = services.reports.organization_sales(
            organization_id=event.organization_id, member=seller, period=Period()
        )
        assert [one.currency for one in report.revenue] == ["NGN", "USD"]
        for one in report.revenue:
            assert page.count(Money(one.net, one.currency).as_people_write) == 2
        assert "<script>" not in visitor.open(path)

    def test_takes_the_last_day_along(self, visitor: Visitor, seller: User, make: Factory) -> None:
        event = make.event(organizer=seller)
        make.buy(make.user(), event.id)
        path = f"/manage/organizations/{event.organization_id}/report"
        today, before = START.date(), START.date() - timedelta(days=1)

        assert "<h2>By event</h2>" in visitor.open(f"{path}?first={today}&last={today}")
        assert "No money in these days." in visitor.open(f"{path}?last={before}")

    @pytest.mark.parametrize(
        ("query", "mistake"),
        [
            ("first=2030-05-02&last=2030-05-01", "The last day comes before the first."),
            ("first=yesterday", "Write a day as in 2030-05-01."),
            ("last=2030-02-30", "Write a day as in 2030-05-01."),
        ],
    )
    def test_says_what_is_wrong_beside_the_day(
        self, visitor: Visitor, seller: User, make: Factory, query: str, mistake: str
    ) -> None:
        event = make.event(organizer=seller)
        path = f"/manage/organizations/{event.organization_id}/report"

        page = visitor.open(f"{path}?{query}", 422)

        assert f'-error">{mistake}</span>' in page

    def test_is_for_those_who_may_see_it(
        self, visitor: Visitor, seller: User, make: Factory
    ) -> None:
        event = make.event(organizer=seller)
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        rival.open(f"/manage/organizations/{event.organization_id}/report", 404)


class TestPlots:
    @pytest.mark.parametrize("name", ["report", "attendance"])
    def test_are_drawn_by_files_of_the_shop_alone(
        self, visitor: Visitor, seller: User, make: Factory, name: str
    ) -> None:
        event = make.event(organizer=seller, title=f"Jazz {HOSTILE}")
        make.buy(make.user(), event.id)

        answer = visitor.get(f"/manage/events/{event.id}/{name}")

        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        scripts = re.findall(r"<script[^>]*>(.*?)</script>", answer.text)
        assert set(scripts) == {""}, "nothing runs that stands in the page"
        assert "style=" not in answer.text

    def test_are_on_no_page_that_needs_none(
        self, visitor: Visitor, seller: User, make: Factory
    ) -> None:
        event = make.event(organizer=seller)

        answer = visitor.get(f"/manage/events/{event.id}/edit")

        assert "script-src" not in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
