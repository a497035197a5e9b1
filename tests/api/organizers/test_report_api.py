"""Reports over HTTP: figures as JSON, and periods that are refused."""

import httpx
import pytest

from app.http.services import Services
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory
from tests.support.fakes import START


class TestOrganizationSalesReport:
    @one_database
    def test_of_a_period_has_each_event_and_all_together(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        event = make.event(organizer=organizer.user)
        make.buy(make.user(), event.id, quantity=2)
        path = f"/organizations/{event.organization_id}/sales-report"
        period = {"from": str(START.date()), "until": "9999-12-31"}

        answer = api.get(path, params=period, headers=organizer.headers)

        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert (body["since"], body["until"], body["tickets"]) == (*period.values(), 2)
        (each,) = body["events"]
        assert (each["event_id"], each["all_day"]) == (event.id, False)
        assert each["revenue"] == body["revenue"]
        assert body["revenue"][0]["gross"] == {"amount": 500_000, "currency": "NGN"}

    @one_database
    def test_tells_whether_events_last_whole_days(
        self, api: httpx.Client, make: Factory, organizer: Person
    ) -> None:
        event = make.whole_days(organizer=organizer.user)
        make.buy(make.user(), event.id)

        body = api.get(
            f"/organizations/{event.organization_id}/sales-report", headers=organizer.headers
        ).json()

        (each,) = body["events"]
        assert (each["all_day"], each["starts_at"]) == (True, "2030-12-03T23:00:00Z")

    @one_database
    @pytest.mark.parametrize(
        ("query", "code", "pointer"),
        [
            ("from=2030-05-02&until=2030-05-02", "period-invalid", "/until"),
            ("from=2030-02-30", "validation-failed", "/from"),
            ("until=20300501", "validation-failed", "/until"),
            ("until=2030-05-01T00:00:00", "validation-failed", "/until"),
            ("from=0", "validation-failed", "/from"),
            ("since=2030-05-01", "validation-failed", "/since"),
        ],
    )
    def test_refuses_what_is_no_period(
        self,
        api: httpx.Client,
        make: Factory,
        organizer: Person,
        query: str,
        code: str,
        pointer: str,
    ) -> None:
        event = make.event(organizer=organizer.user)

        answer = api.get(
            f"/organizations/{event.organization_id}/sales-report?{query}",
            headers=organizer.headers,
        )

        assert code_of(answer) == (422, code)
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


class TestThreeWays:
    @one_database
    def test_console_report_and_ledger_tell_the_same(
        self, api: httpx.Client, make: Factory, organizer: Person, services: Services
    ) -> None:
        """Net of the desk, of both reports, and what the ledger's export adds up to."""
        event = make.event(organizer=organizer.user)
        bought = make.buy(make.user(), event.id, quantity=3)
        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=organizer.user, ticket_ids=[bought.tickets[0].id]
        )
        make.work()

        desk = services.managed_events.show(event_id=event.id, organizer=organizer.user)
        of_event = api.get(f"/events/{event.id}/sales-report", headers=organizer.headers)
        of_all = api.get(
            f"/organizations/{event.organization_id}/sales-report", headers=organizer.headers
        )
        ledger = api.get(f"/events/{event.id}/exports/ledger.csv", headers=organizer.headers)

        earned = sum(
            -round(float(line.split(",")[4]) * 100)
            for line in ledger.text.splitlines()[1:]
            if line.split(",")[3] in ("sales", "discounts", "surplus", "refunds", "fees")
        )
        assert desk.shown.revenue is not None
        assert (
            desk.shown.revenue.minor
            == of_event.json()["revenue"][0]["net"]["amount"]
            == of_all.json()["revenue"][0]["net"]["amount"]
            == earned
        )
