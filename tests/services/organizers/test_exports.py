"""Exports have every row once, say what the ledger says, and take the memory of one piece."""

import tracemalloc
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import EventNotFound
from app.domain.listings import EventListing
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.organizers.exports import ExportKind
from app.domain.payments.ledger import Account
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.organizers.exports import ROWS_AT_ONCE, ExportService
from app.services.organizers.reports import SalesReport
from tests.services.organizers.export_steps import many_lines, rows_in, sell
from tests.steps.door import Door
from tests.support.factories import RETURNS, Factory
from tests.support.fakes import START, FakeClock

MEBIBYTE = 1024 * 1024


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(name="organizer", role=Role.ORGANIZER)


@pytest.fixture
def event(make: Factory, organizer: User) -> EventListing:
    return make.event(organizer=organizer)


@pytest.fixture
def exports(database: Database) -> ExportService:
    """In pieces of two rows."""
    return ExportService(database=database, rows_at_once=2)


class TestLedger:
    def test_adds_up_to_the_sales_report(
        self,
        services: Services,
        make: Factory,
        exports: ExportService,
        organizer: User,
        event: EventListing,
    ) -> None:
        sell(services, make, organizer, event)
        make.buy(make.user(), make.event(organizer=organizer).id)
        report: SalesReport = services.reports.sales(event_id=event.id, organizer=organizer)

        rows = rows_in(
            exports.write(kind=ExportKind.LEDGER, event_id=event.id, organizer=organizer)
        )

        sums: Counter[str] = Counter()
        for row in rows:
            sums[row["account"]] += int(Decimal(row["amount"]) * 100)
        (revenue,) = report.revenue
        assert -sums[Account.SALES] == revenue.gross
        assert sums[Account.DISCOUNTS] == revenue.discounts
        assert sums[Account.REFUNDS] == revenue.refunds
        assert sums[Account.FEES] == revenue.fees
        assert sum(sums.values()) == 0
        assert {row["currency"] for row in rows} == {"NGN"}

    @pytest.mark.slow
    def test_takes_the_memory_of_one_piece(
        self, services: Services, database: Database, organizer: User, event: EventListing
    ) -> None:
        many_lines(database, event)

        tracemalloc.start()
        pieces = services.exports.write(
            kind=ExportKind.LEDGER, event_id=event.id, organizer=organizer
        )
        rows = [piece.count(b"\r\n") for piece in pieces]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert rows == [1] + [ROWS_AT_ONCE] * 20 + [0]
        assert peak < 20 * MEBIBYTE, "a piece takes about 2"


class TestOrders:
    def test_come_once_each_in_order(
        self,
        services: Services,
        make: Factory,
        exports: ExportService,
        organizer: User,
        event: EventListing,
    ) -> None:
        sell(services, make, organizer, event)
        make.order(make.user(), event.id)
        make.order(make.user(), make.event(organizer=organizer).id)

        rows = rows_in(
            exports.write(kind=ExportKind.ORDERS, event_id=event.id, organizer=organizer)
        )

        numbers = [int(row["order_id"]) for row in rows]
        assert numbers == sorted(set(numbers))
        found = [(row["status"], row["tickets"], row["promo_code"], row["total"]) for row in rows]
        assert found == [
            ("paid", "3", "", "7500.00"),
            ("paid", "2", "HALF", "2500.00"),
            ("paid", "1", "", "2500.00"),
            ("pending", "1", "", "2500.00"),
        ]
        assert rows[1]["discount"] == "2500.00"
        assert rows[3]["closed_at"] == ""

    def test_tell_moments_of_the_zone_of_the_event(
        self, make: Factory, exports: ExportService, organizer: User, event: EventListing
    ) -> None:
        make.order(make.user(), event.id)

        (row,) = rows_in(
            exports.write(kind=ExportKind.ORDERS, event_id=event.id, organizer=organizer)
        )

        local = (START + timedelta(hours=1)).replace(tzinfo=None)
        assert row["placed_at"] == f"{local.isoformat(timespec='seconds')}+01:00", "Lagos"

    def test_hold_no_connection_between_pieces(
        self,
        make: Factory,
        exports: ExportService,
        database: Database,
        organizer: User,
        event: EventListing,
    ) -> None:
        for _ in range(3):
            make.order(make.user(), event.id)

        pieces = exports.write(kind=ExportKind.ORDERS, event_id=event.id, organizer=organizer)

        held = [database.engines.reading.pool.checkedout() for _ in pieces]  # type: ignore[attr-defined]  # of all pools that have a size
        assert held == [0, 0, 0, 0]


class TestAttendees:
    def test_come_once_each_and_run_no_formula(
        self,
        services: Services,
        make: Factory,
        exports: ExportService,
        organizer: User,
        event: EventListing,
    ) -> None:
        names = ['=HYPERLINK("https://evil.example")', "@SUM(A1)", "Ada; Bola"]
        ada = make.user(name="ada")
        item = RequestedItem(
            ticket_type_id=event.ticket_types[0].id, quantity=len(names), attendees=names
        )
        wanted = OrderRequest(event_id=event.id, items=[item])
        opened = services.payments.pay(buyer=ada, order_request=wanted, returns=RETURNS)
        services.settlement.settle(opened.payment.reference)
        make.buy(make.user(name="bola"), event.id)

        rows = rows_in(
            exports.write(kind=ExportKind.ATTENDEES, event_id=event.id, organizer=organizer)
        )

        assert [row["attendee_name"] for row in rows] == [
            '\'=HYPERLINK("https://evil.example")',
            "'@SUM(A1)",
            "Ada; Bola",
            "",
        ]
        assert [row["email"].partition("@")[0] for row in rows] == ["ada"] * 3 + ["bola"]
        numbers = [int(row["ticket_id"]) for row in rows]
        assert numbers == sorted(set(numbers))


class TestCheckIns:
    def test_come_once_each_the_newest_first(
        self,
        services: Services,
        make: Factory,
        exports: ExportService,
        organizer: User,
        event: EventListing,
        clock: FakeClock,
    ) -> None:
        door = Door(services, make, event.id, organizer)
        tickets = door.tickets(2)
        clock.advance(event.starts_at - START)
        for ticket in tickets:
            for _ in range(2):
                door.scan(door.code(ticket))
        door.scan("no code of ours")

        rows = rows_in(
            exports.write(kind=ExportKind.CHECK_INS, event_id=event.id, organizer=organizer)
        )

        reasons = ["admitted", "already-used", "admitted", "already-used", "unknown-code"]
        assert [row["reason"] for row in rows] == reasons[::-1]
        assert len({row["id"] for row in rows}) == 5


class TestRights:
    @pytest.mark.parametrize("kind", ExportKind)
    def test_are_checked_before_anything_is_written(
        self, make: Factory, exports: ExportService, event: EventListing, kind: ExportKind
    ) -> None:
        stranger = make.user(role=Role.ORGANIZER)

        with pytest.raises(EventNotFound):
            exports.write(kind=kind, event_id=event.id, organizer=stranger)
