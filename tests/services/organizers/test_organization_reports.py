"""Reports over an organization say what the ledger says of all its events, by currency."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Row, select

from app.domain.errors import OrganizationNotFound, OrganizationRoleMissing, PeriodInvalid
from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.organizers.reports import Period, Revenue, beginning_of
from app.domain.payments.ledger import Account
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.payments.ledger import LedgerEntry
from app.models.users.users import User
from app.repositories.database import Database
from app.services.organizers.reports import OrganizationSalesReport
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = pytest.mark.usefixtures("audited")

LAGOS, TOKYO = "Africa/Lagos", "Asia/Tokyo"
ALWAYS: Final = Period()


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


def report(
    services: Services, member: User, event: EventListing, period: Period = ALWAYS
) -> OrganizationSalesReport:
    return services.reports.organization_sales(
        organization_id=event.organization_id, member=member, period=period
    )


def entries(database: Database) -> list[Row[Any]]:
    with database.engine.connect() as connection:
        return list(connection.execute(select(LedgerEntry.__table__)))


def replayed(
    database: Database, events: list[EventListing], period: Period
) -> dict[EventId, dict[str, Revenue]]:
    """What the ledger's lines add up to, one by one, each on its event's own calendar."""
    zones = {event.id: ZoneInfo(event.time_zone) for event in events}
    sums: dict[EventId, dict[str, dict[Account, int]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(int))
    )
    for entry in entries(database):
        if entry.event_id in zones:
            day = entry.at.astimezone(zones[entry.event_id]).date()
            if (period.since or date.min) <= day < (period.until or date.max):
                sums[entry.event_id][entry.currency][entry.account] += entry.amount_minor
    return {
        event_id: {
            currency: Revenue.of_balances(currency, balances, cash_gross=0)
            for currency, balances in currencies.items()
        }
        for event_id, currencies in sums.items()
    }


def busy_days(
    services: Services, make: Factory, organizer: User, clock: FakeClock
) -> list[EventListing]:
    """Three events in two zones and two currencies, sales on five days, refunds on others."""
    lagos = make.event(organizer=organizer)
    tokyo = make.event(organizer=organizer, time_zone=TOKYO, price="1000.50")
    dollars = make.event(organizer=organizer, currency="USD", price="20.25")
    for _ in range(5):
        for event in (lagos, tokyo, dollars):
            bought = make.buy(make.user(), event.id, quantity=2)
            services.refund_requests.request_refund(
                order_id=bought.order.id, caller=organizer, ticket_ids=[bought.tickets[0].id]
            )
        clock.advance(timedelta(hours=17))
    make.work()
    return [lagos, tokyo, dollars]


class TestOrganizationSales:
    @pytest.mark.parametrize(
        "period",
        [
            ALWAYS,
            Period(START.date(), START.date() + timedelta(days=1)),
            Period(START.date() + timedelta(days=1), START.date() + timedelta(days=3)),
            Period(until=START.date() + timedelta(days=2)),
        ],
    )
    def test_are_what_the_ledger_tells_entry_by_entry(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        clock: FakeClock,
        database: Database,
        period: Period,
    ) -> None:
        events = busy_days(services, make, organizer, clock)
        make.buy(make.user(), make.event(organizer=make.user(role=Role.ORGANIZER)).id)

        found = report(services, organizer, events[0], period)

        expected = replayed(database, events, period)
        assert expected, "the period has sales"
        assert {
            each.event_id: {one.currency: one for one in each.revenue} for each in found.events
        } == expected
        totals: dict[str, list[Revenue]] = defaultdict(list)
        for currencies in expected.values():
            for currency, revenue in currencies.items():
                totals[currency].append(revenue)
        assert [one.currency for one in found.revenue] == sorted(totals)
        for one in found.revenue:
            assert one.gross == sum(each.gross for each in totals[one.currency])
            assert one.net == sum(each.net for each in totals[one.currency])
            assert one.owed == sum(each.owed for each in totals[one.currency])
        assert found.tickets == sum(each.tickets for each in found.events)

    def test_are_the_sum_of_the_reports_of_events(
        self, services: Services, make: Factory, organizer: User, clock: FakeClock
    ) -> None:
        events = busy_days(services, make, organizer, clock)

        found = report(services, organizer, events[0])

        assert {each.event_id: list(each.revenue) for each in found.events} == {
            event.id: list(services.reports.sales(event_id=event.id, organizer=organizer).revenue)
            for event in events
        }
        assert {each.event_id: each.tickets for each in found.events} == {
            event.id: 10 for event in events
        }

    def test_count_a_day_where_the_event_is(
        self, services: Services, make: Factory, organizer: User, clock: FakeClock
    ) -> None:
        """At 16:00 UTC the next day has begun in Tokyo, and not in Lagos."""
        lagos = make.event(organizer=organizer)
        tokyo = make.event(organizer=organizer, time_zone=TOKYO)
        clock.advance(timedelta(hours=4))
        for event in (lagos, tokyo):
            make.buy(make.user(), event.id)
        today = Period(START.date(), START.date() + timedelta(days=1))

        found = report(services, organizer, lagos, today)

        assert [each.event_id for each in found.events] == [lagos.id]

    def test_leave_out_events_without_sales_and_keep_free_ones(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        make.event(organizer=organizer)
        free = make.event(organizer=organizer, price="0")
        make.buy(make.user(), free.id)

        found = report(services, organizer, free)

        assert [(each.event_id, each.tickets, each.revenue) for each in found.events] == [
            (free.id, 1, [])
        ]

    def test_owe_what_lies_at_the_provider(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        """A refund counts before and after the money has moved."""
        event = make.event(organizer=organizer)
        bought = make.buy(make.user(), event.id, quantity=2)
        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=organizer, ticket_ids=[bought.tickets[0].id]
        )

        (before,) = report(services, organizer, event).revenue
        make.work()
        (after,) = report(services, organizer, event).revenue

        assert before.owed == after.owed == after.net == 250_000 - after.fees

    def test_are_for_members_who_may_see_money(self, services: Services, make: Factory) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        helper = make.user()
        band.join(helper, OrganizationRole.SUPPORT)

        with pytest.raises(OrganizationRoleMissing):
            report(services, helper, event)
        with pytest.raises(OrganizationNotFound):
            report(services, make.user(role=Role.ORGANIZER), event)


class TestPeriod:
    def test_ends_after_it_begins(self) -> None:
        day = date(2030, 5, 1)

        with pytest.raises(PeriodInvalid):
            Period(day, day)

    def test_begins_behind_a_skipped_midnight(self) -> None:
        """In Cairo clocks went from 00:00 to 01:00 on 26 April 2024."""
        begin = beginning_of(date(2024, 4, 26), "Africa/Cairo")

        assert begin == datetime(2024, 4, 25, 22, tzinfo=UTC)
        assert begin.astimezone(ZoneInfo("Africa/Cairo")).date() == date(2024, 4, 26)

    def test_takes_any_day_of_the_calendar(self) -> None:
        for day in (date.min, date.max):
            assert Period(since=day).moments(TOKYO)[0].tzinfo == UTC
            assert Period(until=day).moments("America/Los_Angeles")[1].tzinfo == UTC
