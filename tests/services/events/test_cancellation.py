from datetime import timedelta

import pytest
from sqlalchemy import text

from app.domain.errors import EventNotFound, SalesClosed
from app.domain.ids import EventId
from app.domain.states import OrderStatus, PaymentStatus, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.events import Cancellation
from tests.steps.door import Door
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def event_id(make: Factory, organizer: User) -> EventId:
    """An event with three paid orders of 2,500, 2,500 and 5,000."""
    event_id = make.event(organizer=organizer, capacity=10, shared_capacity=10).id
    for quantity in (1, 1, 2):
        make.buy(make.user(), event_id, quantity=quantity)
    return event_id


class CallsOff:
    """Calls one event off, or looks at what that means."""

    def __init__(self, services: Services, organizer: User, event_id: EventId) -> None:
        self._services = services
        self._organizer = organizer
        self._event_id = event_id

    def __call__(self, *, dry_run: bool = False) -> Cancellation:
        return self._services.events.cancel(
            event_id=self._event_id, organizer=self._organizer, dry_run=dry_run
        )


@pytest.fixture
def call_off(services: Services, organizer: User, event_id: EventId) -> CallsOff:
    return CallsOff(services, organizer, event_id)


class TestCancel:
    def test_changes_nothing_when_dry(
        self, make: Factory, gateway: FakeGateway, event_id: EventId, call_off: CallsOff
    ) -> None:
        found = call_off(dry_run=True)
        make.work()

        assert (found.cancelled_at, found.orders_to_refund) == (None, 3)
        assert (found.minor_to_refund, found.currency) == (1_000_000, "NGN")
        assert not gateway.refunds
        make.buy(make.user(), event_id)

    def test_is_for_its_organizer(
        self, services: Services, make: Factory, event_id: EventId
    ) -> None:
        with pytest.raises(EventNotFound):
            services.events.cancel(
                event_id=event_id, organizer=make.user(role=Role.ORGANIZER), dry_run=True
            )

    @pytest.mark.smoke
    def test_refunds_everybody_once_and_tells_them(
        self,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        event_id: EventId,
        call_off: CallsOff,
    ) -> None:
        call_off()
        make.work()
        again = call_off()
        make.work()

        assert (again.orders_to_refund, again.orders_refunded) == (0, 3)
        assert again.minor_refunded == 1_000_000
        assert sorted(r.amount.minor for r in gateway.refunds.values()) == [
            250_000,
            250_000,
            500_000,
        ]
        assert len(mailer.sent) == 6  # the news and the refund; the tickets had not been sent yet

    def test_ends_a_hold_that_was_placed_at_that_moment(
        self, services: Services, make: Factory, database: Database, event_id: EventId
    ) -> None:
        ada = make.user()
        order = make.order(ada, event_id)
        # As it is when neither transaction sees the other.
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE events SET cancelled_at = updated_at"))

        make.work()

        ended = services.orders.get(buyer_id=ada.id, order_id=order.id).order
        assert ended.status == OrderStatus.EXPIRED

    def test_refunds_tickets_that_were_scanned_as_well(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        organizer: User,
        event_id: EventId,
        call_off: CallsOff,
    ) -> None:
        door = Door(services, make, event_id, organizer)
        door.scan(door.code(door.ticket()))

        planned = call_off(dry_run=True)
        call_off()
        make.work()

        assert planned.minor_to_refund == 1_250_000
        assert sum(refund.amount.minor for refund in gateway.refunds.values()) == 1_250_000
        assert call_off().orders_to_refund == 0
        with pytest.raises(SalesClosed):
            make.order(make.user(), event_id)

    def test_goes_on_in_batches_and_tells_how_far_it_is(
        self, services: Services, gateway: FakeGateway, call_off: CallsOff
    ) -> None:
        begun = call_off()
        assert (begun.orders_to_refund, begun.orders_refunded) == (3, 0)

        assert services.refund_requests.refund_cancelled(limit=2) == 2
        halfway = call_off(dry_run=True)
        assert (halfway.orders_to_refund, halfway.orders_refunded) == (1, 2)
        assert halfway.cancelled_at == begun.cancelled_at

        assert services.refund_requests.refund_cancelled(limit=2) == 1
        assert services.refund_requests.refund_cancelled(limit=2) == 0
        assert not gateway.refunds

    @pytest.mark.smoke
    def test_ends_pending_orders_and_returns_what_is_paid_later(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        event_id: EventId,
        call_off: CallsOff,
    ) -> None:
        gateway.pays_at_once = False
        ada = make.user()
        late = make.pay(ada, event_id)
        call_off()
        make.work()
        detail = services.orders.get(buyer_id=ada.id, order_id=late.order.id)
        assert detail.order.status == OrderStatus.EXPIRED

        gateway.pay(late.payment.reference)
        services.settlement.settle(late.payment.reference)
        make.work()

        assert len(gateway.refunds) == 4
        assert call_off().orders_to_refund == 0

    def test_returns_what_was_paid_in_this_moment(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        event_id: EventId,
        call_off: CallsOff,
    ) -> None:
        ada = make.user()
        paid = make.pay(ada, event_id)

        call_off()
        make.work()

        detail = services.orders.get(buyer_id=ada.id, order_id=paid.order.id)
        assert detail.order.status == OrderStatus.EXPIRED
        assert [payment.status for payment in detail.payments] == [PaymentStatus.RETURNED]
        assert len(gateway.refunds) == 4

    def test_leaves_other_events_alone(
        self, services: Services, make: Factory, clock: FakeClock, call_off: CallsOff
    ) -> None:
        ada = make.user()
        other = make.buy(ada, make.event().id)

        call_off()
        make.work()
        clock.advance(timedelta(minutes=1))

        detail = services.orders.get(buyer_id=ada.id, order_id=other.order.id)
        assert detail.order.status == OrderStatus.PAID
