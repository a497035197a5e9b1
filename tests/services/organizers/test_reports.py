"""Reports say what the ledger says, to the minor unit and on the right day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Row, select

from app.domain.errors import EventNotFound
from app.domain.listings import EventListing
from app.domain.payments.ledger import Account
from app.domain.states import DiscountKind, Role
from app.http.services import Services
from app.models.payments.ledger import LedgerEntry
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from app.services.organizers.reports import SalesReport
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def event(make: Factory, organizer: User) -> EventListing:
    return make.event(
        organizer=organizer,
        ticket_types=[
            NewTicketType(name="Regular", price=Decimal(2_500)),
            NewTicketType(name="VIP", price=Decimal(10_000)),
        ],
    )


def report(services: Services, organizer: User, event: EventListing) -> SalesReport:
    return services.reports.sales(event_id=event.id, organizer=organizer)


def entries(database: Database) -> Sequence[Row[Any]]:
    with database.engine.connect() as connection:
        return connection.execute(select(LedgerEntry.__table__)).all()


class TestSalesReport:
    def test_of_an_event_without_sales_is_empty(
        self, services: Services, organizer: User, event: EventListing
    ) -> None:
        found = report(services, organizer, event)

        assert (found.revenue, found.revenue_by_day, found.tickets_by_day) == ([], [], {})
        assert [(one.name, one.tickets) for one in found.by_type] == [("Regular", 0), ("VIP", 0)]
        assert found.by_promo_code == []

    def test_splits_the_days_where_the_event_is(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        event: EventListing,
        clock: FakeClock,
    ) -> None:
        """Midnight in Lagos is 23:00 UTC."""
        midnight = datetime(START.year, START.month, START.day, 23, tzinfo=UTC)
        for before in (timedelta(seconds=1), timedelta(0)):
            clock.advance(midnight - before - clock.now())
            make.buy(make.user(), event.id)

        found = report(services, organizer, event)

        days = [START.date(), START.date() + timedelta(days=1)]
        assert [day for day, _ in found.revenue_by_day] == days
        assert found.tickets_by_day == dict.fromkeys(days, 1)
        assert [one.gross for _, one in found.revenue_by_day] == [250_000, 250_000]

    def test_is_what_the_ledger_tells_entry_by_entry(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        event: EventListing,
        clock: FakeClock,
        database: Database,
    ) -> None:
        """Discounts, a refund, several days, and another event."""
        services.promo_codes.create(
            event_id=event.id,
            organizer=organizer,
            new=NewPromoCode(code="HALF", kind=DiscountKind.PERCENT, value=Decimal(50)),
        )
        ada = make.user()
        bought = make.buy(ada, event.id, quantity=3)
        bola = make.user()
        order = make.order(bola, event.id, quantity=2, promo_code="HALF")
        services.settlement.settle(make.pay_order(bola, order).payment.reference)
        clock.advance(timedelta(hours=30))
        make.buy(make.user(), event.id)
        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=organizer, ticket_ids=[bought.tickets[0].id]
        )
        make.buy(ada, make.event(organizer=organizer).id)
        make.work()

        found = report(services, organizer, event)

        (total,) = found.revenue
        balances: dict[Account, int] = defaultdict(int)
        by_day: dict[object, int] = defaultdict(int)
        for entry in entries(database):
            if entry.event_id == event.id:
                balances[entry.account] += entry.amount_minor
                if entry.account == Account.SALES:
                    day = entry.at.astimezone(ZoneInfo(event.time_zone)).date()
                    by_day[day] -= entry.amount_minor
        assert total.gross == -balances[Account.SALES] == 6 * 250_000
        assert total.discounts == balances[Account.DISCOUNTS] == 250_000
        assert total.refunds == balances[Account.REFUNDS] == 250_000
        assert total.net == 4 * 250_000 - total.fees
        assert {day: one.gross for day, one in found.revenue_by_day if one.gross} == dict(by_day)
        assert sum(one.net for _, one in found.revenue_by_day) == total.net
        assert sum(found.tickets_by_day.values()) == 6
        assert sum(one.paid_minor for one in found.by_type) == total.gross - total.discounts
        assert sum(one.refunded_minor for one in found.by_type) == total.refunds
        (code,) = found.by_promo_code
        assert (code.code, code.orders, code.discount_minor) == ("HALF", 1, total.discounts)

    def test_is_for_those_who_may_see_money(
        self, services: Services, make: Factory, event: EventListing
    ) -> None:
        with pytest.raises(EventNotFound):
            report(services, make.user(role=Role.ORGANIZER), event)
