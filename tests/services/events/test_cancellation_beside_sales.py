"""An event is cancelled while its tickets are sold: none is issued once it was."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.config import Settings
from app.domain.errors import PaymentGatewayUnavailable, SalesClosed
from app.domain.ids import EventId
from app.domain.orders.orders import Moved
from app.domain.states import OrderStatus, PaymentStatus
from app.http.services import Services
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import Order
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.events.ticket_types import TicketTypeRepository
from app.repositories.orders.orders import OrderRepository
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.events import Cancellation
from app.services.orders.holds import KEEP_HOLD_FOR
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.racing import all_wait, until

Call = Callable[[], Any]

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def nobody_pays(gateway: FakeGateway) -> None:
    gateway.pays_at_once = False


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user()


@pytest.fixture
def event_id(make: Factory, organizer: User) -> EventId:
    return make.event(organizer=organizer, capacity=10, shared_capacity=10).id


@pytest.fixture
def free_event_id(make: Factory, organizer: User) -> EventId:
    return make.event(organizer=organizer, price="0").id


class HastyOrders(OrderRepository):
    """Does not ask whether the event was cancelled."""

    def move(self, order: Order, **how: Any) -> Moved | None:
        moved = super().move(order, **how)
        return moved and replace(moved, is_cancelled=False)


class HastyTypes(TicketTypeRepository):
    """Does not wait for those who sell."""

    def lock_of_event(self, event_id: EventId) -> list[TicketType]:
        return []


class HastyDatabase(Database):
    """One whose repositories do not look."""

    @contextmanager
    def writing(self) -> Iterator[UnitOfWork]:
        with super().writing() as work:
            work.orders = HastyOrders(work._transaction)
            work.ticket_types = HastyTypes(work._transaction)
            yield work


@pytest.fixture
def hasty(database_url: str, outside: Adapters, settings: Settings) -> Iterator[Services]:
    """The same shop without what keeps the two apart."""
    database = HastyDatabase(database_url, wait=timedelta(seconds=10))
    yield build_services(replace(outside, database=database), settings)
    database.close()


def calling_off(
    services: Services, organizer: User, event_id: EventId
) -> Callable[[], Cancellation]:
    return lambda: services.events.cancel(event_id=event_id, organizer=organizer, dry_run=False)


def one_behind_the_other(database: Database, event_id: EventId, *calls: Call) -> list[Future[Any]]:
    """Let all calls begin, in this order, before any of them can take places or lock types."""
    begun: list[Future[Any]] = []
    with ThreadPoolExecutor(len(calls)) as pool, database.writing() as work:
        work.ticket_types.lock_of_event(event_id)
        for call in calls:
            begun.append(pool.submit(call))
            until(lambda: all_wait(database, begun))
    return begun


class PaidLate:
    """An event is cancelled, and its holds last on as Paystack is silent; then a buyer pays."""

    def __init__(self, make: Factory, gateway: FakeGateway, organizer: User, event_id: EventId):
        self.reference = make.pay(make.user(), event_id).payment.reference
        calling_off(make.services, organizer, event_id)()
        gateway.failure = PaymentGatewayUnavailable()
        make.services.holds.expire()
        gateway.failure = None
        gateway.pay(self.reference)


@pytest.mark.usefixtures("audited")
class TestMoneyForACancelledEvent:
    def test_goes_back_though_the_hold_is_kept_for_a_silent_provider(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        organizer: User,
        event_id: EventId,
    ) -> None:
        late = PaidLate(make, gateway, organizer, event_id)

        settled = services.settlement.settle(late.reference)

        assert (settled.payment.status, settled.tickets) == (PaymentStatus.RETURNED, ())
        assert settled.payment.reason == "the event was cancelled"

    def test_goes_back_if_it_comes_in_that_moment(
        self,
        services: Services,
        make: Factory,
        database: Database,
        gateway: FakeGateway,
        organizer: User,
        event_id: EventId,
    ) -> None:
        reference = make.pay(make.user(), event_id).payment.reference
        gateway.pay(reference)

        cancelled, settled = one_behind_the_other(
            database,
            event_id,
            calling_off(services, organizer, event_id),
            lambda: services.settlement.settle(reference),
        )

        assert cancelled.result().orders_to_refund == 0
        assert settled.result().payment.status == PaymentStatus.RETURNED

    def test_goes_back_if_the_order_was_placed_in_that_moment(
        self,
        services: Services,
        make: Factory,
        database: Database,
        gateway: FakeGateway,
        organizer: User,
        event_id: EventId,
    ) -> None:
        buyer = make.user()

        opened, _ = one_behind_the_other(
            database,
            event_id,
            lambda: make.pay(buyer, event_id),
            calling_off(services, organizer, event_id),
        )

        reference = opened.result().payment.reference
        gateway.pay(reference)
        assert services.settlement.settle(reference).payment.status == PaymentStatus.RETURNED


@pytest.mark.usefixtures("audited")
class TestPlace:
    def test_is_refused_behind_a_cancellation(
        self,
        services: Services,
        make: Factory,
        database: Database,
        organizer: User,
        free_event_id: EventId,
    ) -> None:
        buyer = make.user()

        _, placed = one_behind_the_other(
            database,
            free_event_id,
            calling_off(services, organizer, free_event_id),
            lambda: make.order(buyer, free_event_id),
        )

        assert isinstance(placed.exception(), SalesClosed)

    def test_before_a_cancellation_is_known_to_it(
        self,
        services: Services,
        make: Factory,
        database: Database,
        organizer: User,
        free_event_id: EventId,
    ) -> None:
        buyer = make.user()

        placed, cancelled = one_behind_the_other(
            database,
            free_event_id,
            lambda: make.order(buyer, free_event_id),
            calling_off(services, organizer, free_event_id),
        )

        assert placed.result().status == OrderStatus.PAID
        assert cancelled.result().orders_to_refund == 1


class TestWithoutLooking:
    def test_a_ticket_is_issued(
        self,
        hasty: Services,
        make: Factory,
        gateway: FakeGateway,
        organizer: User,
        event_id: EventId,
    ) -> None:
        late = PaidLate(make, gateway, organizer, event_id)

        assert hasty.settlement.settle(late.reference).tickets

    @pytest.mark.postgresql
    @only_postgresql
    def test_a_cancellation_overtakes_who_buys(
        self,
        services: Services,
        hasty: Services,
        make: Factory,
        database: Database,
        organizer: User,
        free_event_id: EventId,
    ) -> None:
        buyer = make.user()

        placed, cancelled = one_behind_the_other(
            database,
            free_event_id,
            lambda: make.order(buyer, free_event_id),
            calling_off(hasty, organizer, free_event_id),
        )

        assert cancelled.result().orders_to_refund == 0
        assert isinstance(placed.exception(), SalesClosed)


class TestEndCancelled:
    def test_leaves_a_hold_that_is_kept_for_a_silent_provider(
        self,
        services: Services,
        make: Factory,
        database: Database,
        gateway: FakeGateway,
        clock: FakeClock,
        organizer: User,
        event_id: EventId,
    ) -> None:
        buyer = make.user()
        opened = make.pay(buyer, event_id)
        calling_off(services, organizer, event_id)()
        gateway.failure = PaymentGatewayUnavailable()
        services.holds.expire()

        assert services.holds.end_cancelled() == 0

        kept = services.orders.get(buyer_id=buyer.id, order_id=opened.order.id).order
        assert kept.expires_at == clock.now() + KEEP_HOLD_FOR
