"""Reports and files tell money at Paystack from cash in the drawer, and gifts from sales."""

from collections import Counter
from decimal import Decimal

import pytest

from app.domain.listings import EventListing
from app.domain.organizers.exports import ExportKind
from app.domain.organizers.reports import KindSales, Period, Revenue, SaleKind
from app.domain.payments.ledger import Account
from app.domain.states import OrderKind
from app.http.services import Services
from app.models.users.users import User
from tests.services.organizers.export_steps import rows_in
from tests.services.refunds.refund_steps import lose_dispute, refund_money
from tests.steps.selling import BoxOffice
from tests.support.factories import Factory

pytestmark = pytest.mark.usefixtures("audited")

PRICE = 250_000


@pytest.fixture
def event(services: Services, make: Factory, jazz_organizer: User) -> EventListing:
    """Sold in every way, with refunds of each."""
    event = make.event(organizer=jazz_organizer)
    box_office = BoxOffice(services, jazz_organizer, event.id)
    online = make.buy(make.user(), event.id, quantity=3)
    refund_money(services, jazz_organizer, online.order.id, 10_000)
    lose_dispute(services, make.buy(make.user(), event.id).payment.reference, 20_000)
    cash = box_office.sell(quantity=2)
    part = refund_money(services, jazz_organizer, cash.order.id, 50_000)
    services.refund_desk.mark_done(caller=jazz_organizer, refund_id=part.id, note="At the bar")
    services.refund_requests.request_refund(
        order_id=cash.order.id, caller=jazz_organizer, ticket_ids=[cash.tickets[0].id]
    )
    box_office.sell(OrderKind.COMPLIMENTARY, quantity=4)
    make.work()
    return event


def is_told_apart(revenue: Revenue) -> bool:
    """Whether these are the sums of what the event was sold for."""
    return (
        (revenue.gross, revenue.cash_gross) == (6 * PRICE, 2 * PRICE)
        and (revenue.refunds, revenue.cash_refunds) == (285_000, 275_000)
        and (revenue.cash, revenue.cash_due) == (225_000, 225_000)
        and revenue.drawer == 2 * PRICE - 50_000
        and revenue.owed + revenue.cash == revenue.net
    )


class TestReports:
    def test_tell_them_apart_of_an_event_and_of_each_day(
        self, services: Services, jazz_organizer: User, event: EventListing
    ) -> None:
        report = services.reports.sales(event_id=event.id, organizer=jazz_organizer)

        (revenue,) = report.revenue
        assert is_told_apart(revenue)
        assert [one for _, one in report.revenue_by_day] == [revenue]
        assert report.by_kind == [
            KindSales(SaleKind.PAID, 2, 4),
            KindSales(SaleKind.COMPLIMENTARY, 1, 4),
            KindSales(SaleKind.CASH, 1, 2),
        ]
        assert sum(one.refunded_minor for one in report.by_type) == revenue.refunds

    def test_tell_them_apart_of_an_organization(
        self, services: Services, make: Factory, jazz_organizer: User, event: EventListing
    ) -> None:
        make.pay(make.user(), make.event(organizer=jazz_organizer, price="0").id)

        report = services.reports.organization_sales(
            organization_id=event.organization_id, member=jazz_organizer, period=Period()
        )

        (revenue,) = report.revenue
        assert is_told_apart(revenue)
        assert {one.kind: one.tickets for one in report.by_kind} == {
            SaleKind.PAID: 4,
            SaleKind.FREE: 1,
            SaleKind.COMPLIMENTARY: 4,
            SaleKind.CASH: 2,
        }
        assert report.events_left_out == 0


class TestExports:
    def test_name_the_kind_of_each_order_and_what_was_refunded(
        self, services: Services, make: Factory, jazz_organizer: User, event: EventListing
    ) -> None:
        exports = services.exports.write(
            kind=ExportKind.ORDERS, event_id=event.id, organizer=jazz_organizer
        )

        rows = rows_in(exports)

        assert [(row["kind"], row["total"], row["refunded"]) for row in rows] == [
            ("paid", "7500.00", "100.00"),
            ("paid", "2500.00", "0.00"),
            ("cash", "5000.00", "2750.00"),
            ("complimentary", "0.00", "0.00"),
        ]

    def test_name_the_order_of_each_line_of_the_ledger(
        self, services: Services, jazz_organizer: User, event: EventListing
    ) -> None:
        rows = rows_in(
            services.exports.write(
                kind=ExportKind.LEDGER, event_id=event.id, organizer=jazz_organizer
            )
        )

        (revenue,) = services.reports.sales(event_id=event.id, organizer=jazz_organizer).revenue
        sums: Counter[tuple[str, str]] = Counter()
        for row in rows:
            assert row["order_id"], row
            sums[row["kind"], row["account"]] += int(Decimal(row["amount"]) * 100)
        assert -sums[SaleKind.CASH, Account.SALES] == revenue.cash_gross
        assert sums[SaleKind.CASH, Account.REFUNDS] == revenue.cash_refunds
        assert sums[SaleKind.CASH, Account.CASH] == revenue.drawer
        assert sums[SaleKind.PAID, Account.DISPUTES] == 20_000
        assert not sums[SaleKind.CASH, Account.PAYSTACK]
        assert not sums[SaleKind.PAID, Account.CASH]
