"""What is older is told by moments: a database may number rows in another order."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.checkin.doors import Direction, Verdict
from app.domain.errors import CheckInNotUndoable
from app.domain.ids import CheckInId
from app.domain.orders.orders import OrderFilter
from app.domain.orders.waiting import OPEN_ENTRIES
from app.domain.paging import Cursor, Page
from app.domain.states import AccountRequestKind, Role
from app.http.services import Services
from app.models.checkin.check_ins import CheckIn
from app.models.orders.orders import Order, OrderChange
from app.models.orders.waiting import WaitingEntry
from app.models.payments.ledger import LedgerEntry
from app.models.tickets.tickets import Ticket
from app.models.users.account_requests import AccountRequest
from app.repositories.database import Database
from tests.services.refunds.refund_steps import lose_dispute, refund_money
from tests.steps.door import Door, open_door
from tests.support.factories import Factory
from tests.support.fakes import START
from tests.support.lines import Line

LATER = START + timedelta(hours=1)


def set_moment(database: Database, column: Any, row_id: int, moment: datetime) -> None:
    """Have the row be as old as that, whatever its number."""
    model = column.class_
    statement = update(model).where(model.id == row_id).values({column: moment})
    with database.engine.begin() as connection:
        connection.execute(statement)


def walk(page: Callable[[Cursor | None], Page[Any]]) -> Sequence[Any]:
    """The rows of all pages."""
    found: list[Any] = []
    after: Cursor | None = None
    while True:
        one = page(after)
        found += one.items
        after = one.next
        if after is None:
            return found


class TestPages:
    """Of three rows the first is the newest; the others are of one moment."""

    def test_of_orders_show_the_newest_first(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        ada, event = make.user(), make.event()
        for _ in range(3):
            make.buy(ada, event.id)
        set_moment(database, Order.placed_at, 1, LATER)

        def of_event(after: Cursor | None) -> Page[Any]:
            with database.reading() as work:
                return work.event_orders.page(event.id, OrderFilter(), after=after, limit=1)

        mine = walk(lambda after: services.orders.page(buyer_id=ada.id, after=after, limit=1))

        assert [order.id for order in mine] == [1, 3, 2]
        assert [row.order.id for row in walk(of_event)] == [1, 3, 2]

    def test_of_tickets_show_the_newest_first(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        ada = make.user()
        make.buy(ada, make.event().id, quantity=3)
        set_moment(database, Ticket.purchase_date, 1, LATER)

        found = walk(lambda after: services.tickets.page(user_id=ada.id, after=after, limit=1))

        assert [ticket.id for ticket in found] == [1, 3, 2]

    def test_of_scans_show_the_newest_first(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        door = open_door(services, make, reentry=True)
        code = door.code(door.ticket())
        for way in (Direction.IN, Direction.OUT, Direction.IN):
            door.scan(code, direction=way)
        set_moment(database, CheckIn.received_at, 1, LATER)

        def page(after: Cursor | None) -> Page[Any]:
            with database.reading() as work:
                return work.check_ins.page(
                    door.event_id, verdict=None, ticket_id=None, after=after, limit=1
                )

        assert [scan.id for scan in walk(page)] == [1, 3, 2]


class TestLines:
    @pytest.fixture
    def line(self, make: Factory, database: Database) -> Line:
        """Three wait; the first of them joined last."""
        line = Line(make, make.event(capacity=1))
        for _ in range(3):
            line.join(make.user())
        set_moment(database, WaitingEntry.joined_at, 1, LATER)
        return line

    def test_serve_first_who_joined_first(self, line: Line, database: Database) -> None:
        line.free()

        with database.reading() as work:
            first = work.waiting.first(line.event.ticket_types[0].id)

        assert first is not None
        assert first.id == 2

    def test_show_places_in_that_order(self, line: Line, database: Database) -> None:
        def page(after: Cursor | None) -> Page[Any]:
            with database.reading() as work:
                return work.waiting.of_event(line.event.id, OPEN_ENTRIES, after=after, limit=1)

        found = walk(page)

        assert [row.entry.id for row in found] == [2, 3, 1]
        assert [row.place_in_line for row in found] == [1, 2, 3]


class TestUndoneAddresses:
    def test_end_what_was_asked_for_later(self, make: Factory, database: Database) -> None:
        """The database numbers the later one first."""
        user = make.user()
        later, first = (
            AccountRequest(
                user_id=user.id,
                kind=AccountRequestKind.UNDO_CHANGE,
                email=user.email,
                created_at=moment,
                expires_at=LATER + timedelta(days=1),
            )
            for moment in (LATER, START)
        )
        with database.writing() as work:
            work.account_requests.open(later)
            work.account_requests.open(first)

        with database.writing() as work:
            work.account_requests.end_later_undos(first, now=LATER)

        with database.reading() as work:
            kept = [work.account_requests.find(request.id) for request in (later, first)]
            assert [request and request.used_at for request in kept] == [LATER, None]


class TestScans:
    """At one moment in, out and in again; the database numbers them the other way round."""

    @pytest.fixture
    def door(self, services: Services, make: Factory) -> Door:
        return open_door(services, make, reentry=True)

    @pytest.fixture
    def code(self, door: Door, database: Database) -> str:
        code = door.code(door.ticket())
        for way in (Direction.IN, Direction.OUT, Direction.IN):
            door.scan(code, direction=way)
        with database.engine.begin() as connection:
            connection.execute(
                update(CheckIn).values(id=1000 - CheckIn.id, entry_id=1000 - CheckIn.entry_id)
            )
            connection.execute(update(Ticket).values(entry_id=1000 - Ticket.entry_id))
        return code

    @pytest.mark.usefixtures("code")
    def test_are_undone_from_the_last_on(self, services: Services, door: Door) -> None:
        def undo(number: int) -> None:
            services.check_ins.undo(
                event_id=door.event_id,
                actor=door.organizer.actor,
                check_in_id=CheckInId(number),
                reason="A mistake",
            )

        assert services.audit.violations() == []
        with pytest.raises(CheckInNotUndoable):
            undo(999)
        for number in (997, 998, 999):
            undo(number)
            assert services.audit.violations() == []

    def test_that_come_later_stand_behind_them(
        self, services: Services, door: Door, code: str
    ) -> None:
        answer = door.scan(code, direction=Direction.OUT)

        assert answer.check_in.verdict == Verdict.ACCEPTED
        assert services.audit.violations() == []


class TestAudit:
    def test_follows_the_steps_of_an_order_whatever_their_numbers(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        make.buy(make.user(), make.event().id)
        with database.engine.begin() as connection:
            connection.execute(update(OrderChange).values(id=1000 - OrderChange.id))

        assert services.audit.violations() == []

    def test_knows_what_a_bank_took_after_a_refund_whatever_the_lines_numbers(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        bought = make.buy(make.user(), make.event().id)
        admin = make.user(role=Role.ADMIN)
        refund_money(services, admin, bought.order.id, 100_000)
        lose_dispute(services, bought.payment.reference, 200_000)
        make.work()
        with database.engine.begin() as connection:
            connection.execute(update(LedgerEntry).values(id=1000 - LedgerEntry.id))

        assert services.audit.violations() == []
