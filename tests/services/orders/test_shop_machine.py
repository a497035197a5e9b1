"""Whatever people, the provider and the clock do, and in any order: the books are right."""

from contextlib import ExitStack, suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.config import Settings
from app.domain.errors import TicketingError
from app.domain.events.changes import EventChanges, TicketTypeChanges
from app.domain.ids import EventId, OrderId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.ports import ChargeStatus
from app.domain.ports.payments import ProviderLedger
from app.domain.states import DiscountKind, Role
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from app.wiring.services import build_services
from tests.programs.open_databases import OpenDatabases
from tests.programs.reused_database import CopiedFile
from tests.services.refunds.refund_rules import NUMBERS, RefundRules
from tests.steps.desks import send_failed_again
from tests.support.factories import RETURNS, Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer, Killed
from tests.support.outside import outside_of

BOUNDS = settings(
    max_examples=30, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


class Shop(RefundRules):
    """Three buyers, an event of two types with every kind of limit, a provider that may fail."""

    file: CopiedFile
    databases: OpenDatabases

    def __init__(self) -> None:
        super().__init__()
        self.ended = ExitStack()
        self.folder = Path(self.ended.enter_context(TemporaryDirectory()))
        # One that serves all examples, emptied: to compile each statement anew takes a while.
        self.database = self.ended.enter_context(self.databases.at(self.file.emptied()))
        self.clock, self.gateway = FakeClock(), FakeGateway(pays_at_once=False)
        self.orders: list[tuple[int, OrderId]] = []
        self._start()

    def _start(self) -> None:
        """A process like any other: all it knows is in the database."""
        self.services = build_services(
            outside_of(self.database, clock=self.clock, gateway=self.gateway, mailer=FakeMailer()),
            Settings(_env_file=None, var_dir=self.folder, public_url="https://shop.test"),
        )
        self.make = Factory(self.services)

    @initialize()
    def open(self) -> None:
        self.organizer = self.make.user(role=Role.ORGANIZER)
        self.buyers = [self.make.user() for _ in range(3)]
        event = self.make.event(
            organizer=self.organizer,
            ticket_types=[
                NewTicketType(name="Regular", price=Decimal(2_500), capacity=6),
                NewTicketType(name="VIP", price=Decimal(10_000), capacity=2),
            ],
            shared_capacity=7,
            max_per_buyer=4,
        )
        self.event_id: EventId = event.id
        self.types = [ticket_type.id for ticket_type in event.ticket_types]
        self.services.promo_codes.create(
            event_id=event.id,
            organizer=self.organizer,
            new=NewPromoCode(code="HALF", kind=DiscountKind.PERCENT, value=Decimal(50), max_uses=2),
        )

    @rule(
        buyer=st.integers(0, 2),
        quantities=st.tuples(st.integers(0, 3), st.integers(0, 2)).filter(any),
        with_code=st.booleans(),
        pays=st.booleans(),
    )
    def hold(self, buyer: int, quantities: tuple[int, int], with_code: bool, pays: bool) -> None:
        wanted = zip(self.types, quantities, strict=True)
        items = [RequestedItem(ticket_type_id=id_, quantity=some) for id_, some in wanted if some]
        request = OrderRequest(
            event_id=self.event_id, items=items, promo_code="HALF" if with_code else None
        )
        try:
            placed = self.services.orders.place(buyer=self.buyers[buyer], order_request=request)
        except TicketingError:
            return
        self.orders.append((buyer, placed.order.id))
        if pays:
            self.pay(len(self.orders) - 1)

    @precondition(lambda self: self.orders)
    @rule(number=NUMBERS)
    def pay(self, number: int) -> None:
        buyer, order_id = self.order_of(number)
        self.attempt(
            self.services.payments.pay_order,
            buyer=self.buyers[buyer],
            order_id=order_id,
            returns=RETURNS,
        )

    @precondition(lambda self: self.gateway.charges)
    @rule(number=NUMBERS, settles=st.integers(0, 2))
    def succeed(self, number: int, settles: int) -> None:
        """The buyer pays, and that is heard of never, once or twice."""
        self.gateway.pay(self.reference_of(number))
        for _ in range(settles):
            self.settle(number)

    @precondition(lambda self: self.gateway.charges)
    @rule(number=NUMBERS)
    def decline(self, number: int) -> None:
        reference = self.reference_of(number)
        if self.gateway.charges[reference].report.status == ChargeStatus.OPEN:
            self.gateway.decline(reference)

    @precondition(lambda self: self.gateway.charges)
    @rule(number=NUMBERS)
    def settle(self, number: int) -> None:
        self.attempt(self.services.settlement.settle, self.reference_of(number))

    @precondition(lambda self: self.orders)
    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        buyer, order_id = self.order_of(number)
        buyer_id = self.buyers[buyer].id
        self.attempt(self.services.orders.cancel, buyer_id=buyer_id, order_id=order_id)

    @rule(capacity=st.none() | st.integers(1, 8), which=st.integers(0, 1))
    def change_capacity(self, capacity: int | None, which: int) -> None:
        self.attempt(
            self.services.ticket_types.edit,
            event_id=self.event_id,
            ticket_type_id=self.types[which],
            organizer=self.organizer,
            changes=TicketTypeChanges(capacity=capacity),
        )

    @rule(
        limited_by=st.sampled_from(["shared_capacity", "max_per_buyer"]),
        limit=st.none() | st.integers(1, 8),
    )
    def change_limit(self, limited_by: str, limit: int | None) -> None:
        changes: dict[str, Any] = {limited_by: limit}
        self.attempt(
            self.services.events.edit,
            event_id=self.event_id,
            organizer=self.organizer,
            changes=EventChanges(**changes),
        )

    @rule(buyer=st.integers(0, 2), which=st.integers(0, 1))
    def wait(self, buyer: int, which: int) -> None:
        self.attempt(
            self.services.waiting.join,
            user=self.buyers[buyer],
            event_id=self.event_id,
            ticket_type_id=self.types[which],
            quantity=1,
        )

    @rule(minutes=st.sampled_from([1, 6, 16, 300]))
    def let_time_pass(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    @precondition(lambda self: self.gateway.charges)
    @rule(number=NUMBERS)
    def pay_late(self, number: int) -> None:
        """The hold is over when the buyer pays."""
        self.let_time_pass(16)
        self.work()
        self.succeed(number, 1)

    @rule()
    def work(self) -> None:
        self.make.work()

    @rule(loses_answers=st.booleans())
    def go_down(self, loses_answers: bool) -> None:
        self.gateway.go_down()
        self.gateway.answers_lost = loses_answers

    @precondition(lambda self: self.gateway.charges)
    @rule(
        number=NUMBERS,
        does=st.sampled_from(["pay", "settle", "work"]),
        was_heard=st.booleans(),
    )
    def die(self, number: int, does: str, was_heard: bool) -> None:
        """The process is gone while the provider has its call; another one takes over."""
        self.gateway.failure, self.gateway.answers_lost = Killed(), was_heard
        with suppress(Killed):
            self.work() if does == "work" else getattr(self, does)(number)
        self.come_back()
        self._start()

    @rule()
    def come_back(self) -> None:
        self.gateway.come_back()
        self.gateway.answers_lost = False

    @invariant()
    def auditor_finds_nothing(self) -> None:
        """Nothing but refunds that failed at the provider, until the organizer sees to them."""
        assert [found for found in self._violations() if "wants a person" not in found] == []

    @invariant()
    def nobody_sells_what_is_not_there(self) -> None:
        event = self.services.events.get(self.event_id)
        for ticket_type in event.ticket_types:
            assert 0 <= ticket_type.taken <= (ticket_type.capacity or ticket_type.taken)
        if event.shared_capacity is not None:
            assert event.shared_taken == sum(t.taken for t in event.ticket_types)
        (code,) = self.services.promo_codes.all_of(event_id=self.event_id, organizer=self.organizer)
        assert 0 <= code.used <= 2

    def teardown(self) -> None:
        """In the end the provider's money has a home, and none went back that had not come."""
        if hasattr(self, "event_id"):
            self.come_back()
            for _ in range(3):
                self.clock.advance(timedelta(hours=8))
                self.make.work()
                send_failed_again(self.services, self.organizer)
            for reference in self.gateway.charges:
                self.services.settlement.settle(reference)
            assert self._violations(self.gateway.ledger()) == []
        self.ended.close()

    def _violations(self, provider: ProviderLedger | None = None) -> list[str]:
        return [str(found) for found in self.services.audit.violations(provider=provider)]


@pytest.mark.slow
def test_shop_keeps_its_books_whatever_happens(
    sqlite_file: CopiedFile, open_databases: OpenDatabases
) -> None:
    Shop.file, Shop.databases = sqlite_file, open_databases

    run_state_machine_as_test(Shop, settings=BOUNDS)
